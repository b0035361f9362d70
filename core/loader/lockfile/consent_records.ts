/**
 * What has been granted on this machine, in a folder of its user, outside of any project. A lockfile
 * travels with its repository, and whoever edits it may write a grant into it: what is written down here
 * tells a grant that somebody here has given from one that is only claimed.
 *
 * One file says what one lockfile's plugins at one place were granted. What it says more than the lockfile
 * counts for nothing, and so does what cannot be read: it is asked for again.
 *
 * @module
 */
import { z } from "zod";
import { replaceFile } from "../../base/mod.ts";
import { storeUnusable } from "../errors.ts";
import { hashText, hexOf, sha256 } from "../graph_digest.ts";
import { findSystemFolder } from "../store/system_folder.ts";
import {
  common,
  covers,
  parseResource,
  type Resource,
  RESOURCE_KINDS,
} from "../policy/resource.ts";

const recordSchema = z.strictObject({
  lockfile: z.string(),
  entry: z.string(),
  grants: z.array(z.tuple([z.enum(RESOURCE_KINDS), z.string()])),
});

/** What consents are about, and where they are. */
export interface ConsentPlace {
  /** URL of the lockfile. */
  readonly lockfile: string;
  /** The folder, which is made on first need; that of the system if left out. */
  readonly folder?: string | undefined;
}

/**
 * Opens what was granted on this machine to the plugins of one lockfile.
 *
 * @param place What it is about, and where it is.
 * @returns The records; `undefined` if there is no folder for them that this process may use.
 */
export async function openConsents(
  { lockfile, folder }: ConsentPlace,
): Promise<ConsentRecords | undefined> {
  if (folder !== undefined) {
    return new ConsentRecords(folder, { lockfile, isNamed: true });
  }
  const state = await findSystemFolder("state");
  if (state === undefined) return undefined;
  return new ConsentRecords(`${state}/consents`, { lockfile, isNamed: false });
}

/** What was granted on this machine to the plugins of one lockfile. */
export class ConsentRecords {
  readonly #folder: string;
  readonly #lockfile: string;
  readonly #isNamed: boolean;

  /**
   * Constructs a new instance. Prefer {@linkcode openConsents}.
   *
   * @param folder The folder.
   * @param options URL of the lockfile, and whether somebody has named the folder: one that nobody has
   * named may be one that cannot be written, and what was granted is asked for again then.
   */
  constructor(
    folder: string,
    { lockfile, isNamed }: {
      readonly lockfile: string;
      readonly isNamed: boolean;
    },
  ) {
    this.#folder = folder;
    this.#lockfile = lockfile;
    this.#isNamed = isNamed;
  }

  /**
   * Tells what plugins were granted here.
   *
   * @param entry URL of their entry, as it was asked for.
   * @returns What they were granted.
   */
  async read(entry: string): Promise<readonly Resource[]> {
    try {
      const text = await Deno.readTextFile(await this.#pathOf(entry));
      const { grants } = recordSchema.parse(JSON.parse(text));
      return grants.flatMap(([kind, name]) => {
        const resource = parseResource(kind, name);
        return typeof resource === "string" ? [] : resource;
      });
    } catch {
      return [];
    }
  }

  /**
   * Finds what was granted here of what a lockfile says was granted.
   *
   * @param entry URL of the plugins' entry, as it was asked for.
   * @param claims What the lockfile says.
   * @returns What both say.
   */
  async confirmed(
    entry: string,
    claims: readonly Resource[],
  ): Promise<Resource[]> {
    const known = await this.read(entry);
    return claims.flatMap((claim) =>
      known.flatMap((resource) => common(resource, claim) ?? [])
    );
  }

  /**
   * Finds what a lockfile says was granted, and was not here, or not all of it.
   *
   * @param entry URL of the plugins' entry, as it was asked for.
   * @param claims What the lockfile says.
   * @returns What only the lockfile says.
   */
  async unconfirmed(
    entry: string,
    claims: readonly Resource[],
  ): Promise<Resource[]> {
    const known = await this.read(entry);
    return claims.filter((claim) =>
      !known.some((resource) => covers(resource, claim))
    );
  }

  /**
   * Writes down what plugins are granted now, in the place of what they were granted before.
   *
   * @param entry URL of their entry, as it was asked for.
   * @param granted What they are granted.
   * @throws {PluginError} `STORE_UNUSABLE` if that cannot be written.
   */
  async write(entry: string, granted: readonly Resource[]): Promise<void> {
    const grants = granted.map(({ kind, text }) => [kind, text] as const);
    const record = { lockfile: this.#lockfile, entry, grants };
    const bytes = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
    await this.#attempt(async () => {
      await Deno.mkdir(this.#folder, { recursive: true });
      await replaceFile(await this.#pathOf(entry), bytes);
    });
  }

  /**
   * Forgets what plugins were granted here.
   *
   * @param entry URL of their entry, as it was asked for.
   * @throws {PluginError} `STORE_UNUSABLE` if that cannot be done.
   */
  async forget(entry: string): Promise<void> {
    await this.#attempt(async () => {
      try {
        await Deno.remove(await this.#pathOf(entry));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    });
  }

  async #pathOf(entry: string): Promise<string> {
    const about = JSON.stringify([this.#lockfile, entry]);
    const hash = await sha256(new TextEncoder().encode(about));
    return `${this.#folder}/${hexOf(hashText(hash))}.json`;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (!this.#isNamed) return;
      throw storeUnusable("write consents", this.#folder, cause);
    }
  }
}
