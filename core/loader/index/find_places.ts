import { invalidOption } from "../../base/mod.ts";
import type { LogRecord } from "../../plugin/context.ts";
import { PluginError } from "../../errors.ts";
import { specifierInvalid } from "../errors.ts";
import type { LockContent } from "../lockfile/lock_entry.ts";
import { Lockfile } from "../lockfile/lockfile.ts";
import type { Place } from "../place.ts";
import { type BareSpecifier, parseBareSpecifier } from "./bare_specifier.ts";
import { isPublicKey } from "./open_envelope.ts";
import {
  isOlder,
  type LockedVersion,
  lockedVersion,
  pickIndexed,
} from "./pick_indexed.ts";
import type { IndexOptions, SeenIndex } from "./plugin_index.ts";
import {
  type ReadIndex,
  readIndex,
  type ReadIndexOptions,
} from "./read_index.ts";

/** What ids are looked up with. */
export interface PlaceFinderOptions
  extends
    Pick<ReadIndexOptions, "clock" | "fetch" | "fetchLimits" | "registries"> {
  /** Where they are looked up; nowhere if left out. */
  readonly index: IndexOptions | undefined;
  /** The lockfile, if there is one. */
  readonly lockfile: string | undefined;
  /** Reads any other specifier. */
  readonly toUrl: (specifier: string) => string;
  /** Where it is told that the index is out of reach. */
  readonly log: (record: LogRecord) => void;
}

/** Finds the places that specifiers stand for, those of an index too. */
export class PlaceFinder {
  readonly #options: PlaceFinderOptions;
  /** What was seen of the index, where no lockfile remembers it. */
  #seen: SeenIndex | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options What ids are looked up with.
   * @throws {OptionError} `INVALID_OPTION` if a key is none.
   */
  constructor(options: PlaceFinderOptions) {
    const { keys = [] } = options.index ?? {};
    if (!Array.isArray(keys) || !keys.every(isPublicKey)) {
      throw invalidOption("index.keys", keys, "keys of 32 bytes in base 64");
    }
    this.#options = options;
  }

  /**
   * Finds places.
   *
   * @param specifiers What was asked for.
   * @param update Whether what was locked is replaced, or for which of them.
   * @returns The places, in order.
   * @throws {PluginError} `SPECIFIER_INVALID`; for ids, what reading and picking from an index throws.
   */
  async find(
    specifiers: readonly string[],
    update: boolean | readonly string[],
  ): Promise<Place[]> {
    const wanted = specifiers.map((specifier) => ({
      specifier,
      bare: parseBareSpecifier(specifier),
    }));
    const bare = wanted.filter(({ bare }) => bare !== undefined);
    const picked = bare.length === 0 ? undefined : await this.#open();
    return wanted.map(({ specifier, bare }) =>
      bare && picked
        ? picked({
          specifier,
          bare,
          isUpdated: typeof update === "boolean"
            ? update
            : update.includes(specifier),
        })
        : { specifier, url: this.#options.toUrl(specifier) }
    );
  }

  /** Reads lockfile and index; gives what picks from them. */
  async #open(): Promise<(wanted: Wanted) => Place> {
    const { index, lockfile, toUrl, log } = this.#options;
    const content: LockContent = lockfile === undefined
      ? { entries: new Map(), indexes: new Map() }
      : await new Lockfile(lockfile, { frozen: false }).readAll();
    if (index === undefined) {
      return ({ specifier }) => {
        throw specifierInvalid(
          specifier,
          "there is no index to look ids up in",
        );
      };
    }
    const url = toUrl(index.url);
    const read = await this.#read({ ...index, url }, content);
    if (read instanceof PluginError) {
      return (wanted) => lockedPlace(wanted, content, read);
    }
    this.#seen = read.seen;
    return (wanted) => {
      const place = indexedPlace(wanted, content, { url, read });
      const former = lockedVersion(
        { ...wanted.bare, range: "*" },
        content.entries,
      );
      const { version } = place.indexed;
      if (former !== undefined && isOlder(version, former.version)) {
        log(steppingBack(wanted.bare.id, version, { former }));
      }
      return place;
    };
  }

  /** Reads the index; what is locked does without one that is out of reach. */
  async #read(
    options: IndexOptions,
    { indexes }: LockContent,
  ): Promise<ReadIndex | PluginError> {
    const { log } = this.#options;
    const { today = Date.now } = options;
    const seen = indexes.get(options.url) ?? this.#seen;
    try {
      return await readIndex(options, { ...this.#options, seen, nowMs: today });
    } catch (error) {
      const isAway = error instanceof PluginError &&
        error.code === "FETCH_FAILED";
      if (!isAway) throw error;
      log({
        level: "warn",
        source: "host",
        message: "The index is out of reach: only what is locked is loaded",
        fields: { index: options.url },
      });
      return error;
    }
  }
}

/** A plugin that is asked for by its id. */
interface Wanted {
  readonly specifier: string;
  readonly bare: BareSpecifier;
  readonly isUpdated: boolean;
}

function indexedPlace(
  { specifier, bare, isUpdated }: Wanted,
  { entries }: LockContent,
  { url: index, read }: { readonly url: string; readonly read: ReadIndex },
): Place & Required<Pick<Place, "indexed">> {
  const picked = pickIndexed(bare, read, { entries, isUpdated });
  const { url, id, version, digest } = picked;
  return {
    specifier,
    url,
    indexed: { id, version, digest, index, seen: read.seen },
  };
}

/** What is said of an older version that was asked for by its name. */
function steppingBack(
  id: string,
  version: string,
  { former }: { readonly former: LockedVersion },
): LogRecord {
  return {
    level: "warn",
    source: "host",
    message: "An older version takes the place of the one that is locked",
    fields: { pluginId: id, version, locked: former.version },
  };
}

function lockedPlace(
  { specifier, bare, isUpdated }: Wanted,
  { entries }: LockContent,
  failure: PluginError,
): Place {
  const locked = isUpdated ? undefined : lockedVersion(bare, entries);
  if (locked === undefined) throw failure;
  return { specifier, url: locked.url };
}
