import { assertNoTwin } from "../../plugin/lookalike.ts";
import type { ParsedMetadata, Plugin } from "../../plugin/plugin.ts";
import { hashText } from "../graph_digest.ts";
import type { ModuleGraph } from "../module_graph.ts";
import type { FormerGrants } from "../policy/authorize.ts";
import type { Resource } from "../policy/resource.ts";
import { canonical, nameOf } from "../policy/rules.ts";
import { ContentStore } from "../store/content_store.ts";
import { findSystemFolder } from "../store/system_folder.ts";
import { manifestMismatch } from "../errors.ts";
import { trustDowngrade } from "../index/errors.ts";
import type { IndexedPlace } from "../index/plugin_index.ts";
import { type ConsentRecords, openConsents } from "./consent_records.ts";
import type { KeepOptions } from "./keep_options.ts";
import type { LockEntries, LockEntry } from "./lock_entry.ts";
import { toLockedPlugin } from "./locked_plugin.ts";
import { Lockfile } from "./lockfile.ts";

/** How large the folder for modules may be, in bytes. */
export const CACHE_BYTES_MAX: number = 2 ** 30;

/** What a record is made of. */
export interface RecordParts {
  /** The lockfile. */
  readonly lockfile: Lockfile | undefined;
  /** What it says now. */
  readonly entries: LockEntries;
  /** Whether it is not written, though what it does not know may be loaded. */
  readonly isReadOnly: boolean;
  /** Where modules are kept. */
  readonly content: ContentStore | undefined;
  /** How much may be kept there, in bytes. */
  readonly bytesMax: number;
  /** Whether what there is now takes the place of what was locked, or of which entries, by URL. */
  readonly update: boolean | ReadonlySet<string>;
  /** Opens what was granted on this machine; what the lockfile says counts by itself if left out. */
  readonly consents: (() => Promise<ConsentRecords | undefined>) | undefined;
}

/** How a record is begun. */
export interface BeginOptions extends Pick<RecordParts, "update"> {
  /** Whether what the lockfile says was granted counts, whoever has written that. */
  readonly countsClaims: boolean;
}

/**
 * Begins the record of a load.
 *
 * @param keep Where things are kept.
 * @param options Whether what there is now takes the place of what was locked, or of which entries, and
 * what counts of what was granted.
 * @returns The record.
 * @throws {PluginError} `LOCKFILE_INVALID`.
 */
export async function beginRecord(
  { lockfile: path, frozen = false, readOnly = false, ...folders }: KeepOptions,
  { update, countsClaims }: BeginOptions,
): Promise<LoadRecord> {
  const lockfile = path === undefined
    ? undefined
    : new Lockfile(path, { frozen });
  const entries = await lockfile?.read() ?? new Map();
  const { cacheDir, cacheBytesMax: bytesMax = CACHE_BYTES_MAX } = folders;
  const folder = cacheDir ??
    (lockfile === undefined ? undefined : await findSystemFolder("cache"));
  const content = folder === undefined ? undefined : new ContentStore(folder);
  const isReadOnly = frozen || readOnly;
  const consents = lockfile === undefined || countsClaims
    ? undefined
    : () =>
      openConsents({ lockfile: lockfile.url, folder: folders.consentDir });
  const keep = { content, bytesMax, consents };
  return new LoadRecord({ lockfile, entries, isReadOnly, ...keep, update });
}

/**
 * What one load is held against and what it leaves behind: nothing is written until it is
 * committed.
 */
export class LoadRecord {
  readonly #lockfile: Lockfile | undefined;
  readonly #entries: LockEntries;
  readonly #isReadOnly: boolean;
  readonly #graphs = new Map<string, LoadedGraph>();
  readonly #isUpdated: (url: string) => boolean;
  readonly #bytesMax: number;
  readonly #consents: RecordParts["consents"];
  /** Where modules are looked for before they are fetched. */
  readonly content: ContentStore | undefined;

  /**
   * Constructs a new instance. Prefer {@linkcode beginRecord}.
   *
   * @param parts What it is made of.
   */
  constructor(parts: RecordParts) {
    this.#lockfile = parts.lockfile;
    this.#entries = parts.entries;
    this.#isReadOnly = parts.isReadOnly;
    this.content = parts.content;
    this.#bytesMax = parts.bytesMax;
    this.#consents = parts.consents;
    const { update, lockfile } = parts;
    this.#isUpdated = (url) =>
      lockfile?.frozen !== true &&
      (typeof update === "boolean" ? update : update.has(url));
  }

  /**
   * Finds what a plugin must be made of.
   *
   * @param url URL of its entry, as it was asked for.
   * @returns What was locked; `undefined` if anything goes.
   * @throws {PluginError} `LOCKFILE_FROZEN` if it had to be locked and is not.
   */
  expect(url: string): LockEntry | undefined {
    if (this.#isUpdated(url)) return undefined;
    return this.#lockfile?.find(this.#entries, url);
  }

  /**
   * Tells what plugins were granted before, whether or not they are still made of the same.
   *
   * @param url URL of their entry, as it was asked for.
   * @param kept What they were granted in this process.
   * @returns What they were granted, and what the lockfile says of it.
   */
  async formerGrants(
    url: string,
    kept: readonly Resource[],
  ): Promise<FormerGrants> {
    const locked = this.#entries.get(url)?.grants ?? [];
    const claimed = [...locked, ...kept];
    if (locked.length === 0 || this.#consents === undefined) {
      return { granted: claimed, claimed };
    }
    const consents = await this.#consents();
    const confirmed = await consents?.confirmed(url, locked) ?? [];
    return { granted: [...confirmed, ...kept], claimed };
  }

  /**
   * Tells what was written down of the plugins in some modules.
   *
   * @param url URL of their entry, as it was asked for.
   * @param digest Their digest.
   * @returns What they said of themselves; `undefined` if nothing is known of these modules.
   */
  describe(url: string, digest: string): ParsedMetadata[] | undefined {
    const entry = this.#entries.get(url);
    if (entry?.digest !== digest) return undefined;
    return Array.from(entry.plugins, ([id, plugin]) => {
      const { version, dependencies, optionalDependencies, provides } = plugin;
      return { id, version, dependencies, optionalDependencies, provides };
    });
  }

  /** Whether nothing is granted that was not granted before. */
  get isFrozen(): boolean {
    return this.#lockfile?.frozen ?? false;
  }

  /**
   * Remembers what a plugin turned out to be made of.
   *
   * @param url URL of its entry, as it was asked for.
   * @param loaded Its modules, and the plugins in them.
   * @throws {PluginError} `MANIFEST_MISMATCH` if the same modules were locked with other plugins;
   * `PLUGIN_METADATA_INVALID` if one of them can be taken for one that is locked.
   */
  add(url: string, loaded: LoadedGraph): void {
    this.#assertSamePlugins(url, loaded);
    const locked = [...this.#entries.values()].flatMap(({ plugins }) => [
      ...plugins.keys(),
    ]);
    for (const { metadata } of loaded.plugins) {
      assertNoTwin(metadata.id, locked);
    }
    this.#graphs.set(url, loaded);
  }

  #assertSamePlugins(url: string, { graph, plugins }: LoadedGraph): void {
    const former = this.#entries.get(url);
    if (former?.digest !== graph.digest || this.#isUpdated(url)) return;
    const isSame = plugins.length === former.plugins.size &&
      plugins.every(({ metadata: { id, version } }) =>
        former.plugins.get(id)?.version === version
      );
    if (!isSame) throw manifestMismatch(url, "plugins");
  }

  /**
   * Requires that modules that somebody vouched for are the same, where nobody vouches for them now.
   *
   * @param url URL of their entry, as it was asked for.
   * @param digest Their digest.
   * @throws {PluginError} `TRUST_DOWNGRADE`.
   */
  assertVouched(url: string, digest: string): void {
    const former = this.#entries.get(url);
    if (former?.signer === undefined || former.digest === digest) return;
    throw trustDowngrade(url, former.signer);
  }

  /**
   * Writes it all down: modules first, so that what a lockfile names is there.
   *
   * @throws {PluginError} `STORE_UNUSABLE`, `STORE_FULL`, `LOCKFILE_UNWRITABLE`.
   */
  async commit(): Promise<void> {
    await this.#keepModules();
    await this.#writeLockfile();
    await this.#keepConsents();
  }

  async #writeLockfile(): Promise<void> {
    if (this.#lockfile === undefined || this.#isReadOnly) return;
    const entries = [...this.#graphs].map(([url, loaded]) =>
      [url, toEntry(loaded, this.#entries.get(url))] as const
    );
    const indexes = Array.from(this.#graphs.values())
      .flatMap(({ indexed }) =>
        indexed ? [[indexed.index, indexed.seen] as const] : []
      );
    await this.#lockfile.update(new Map(entries), new Map(indexes));
  }

  /** Most plugins are granted nothing, and nothing is looked for then. */
  async #keepConsents(): Promise<void> {
    for (const [url, { grants }] of this.#graphs) {
      const former = this.#entries.get(url)?.grants ?? [];
      if (grants.length + former.length === 0) continue;
      const consents = await this.#consents?.();
      if (consents === undefined) return;
      // What leaves the lockfile as it is takes nothing back either.
      const kept = this.#isReadOnly ? await consents.read(url) : [];
      const { allow } = canonical({ allow: [...kept, ...grants], deny: [] });
      await consents.write(url, allow);
    }
  }

  async #keepModules(): Promise<void> {
    const { content } = this;
    if (content === undefined) return;
    const lockfile = this.#lockfile;
    const fresh = [...this.#graphs.values()].flatMap(({ graph }) =>
      // Files are read where they are, so that an edit of one is seen.
      graph.sources.filter(({ url, isStored }) =>
        !isStored && !url.startsWith("file:")
      )
    );
    if (fresh.length === 0) {
      // A folder that need not be written may be one that cannot be; nobody takes modules out of it then.
      if (lockfile) await content.addRoot(lockfile.url).catch(() => {});
      return;
    }
    await content.makeRoom({
      bytes: fresh.reduce((sum, { bytes }) => sum + bytes.length, 0),
      bytesMax: this.#bytesMax,
      lockfiles: lockfile === undefined ? [] : [lockfile.path],
    });
    if (lockfile !== undefined) await content.addRoot(lockfile.url);
    for (const { hash, bytes } of fresh) {
      await content.write(hashText(hash), bytes);
    }
  }
}

/** The modules of a plugin, and the plugins that are in them. */
interface LoadedGraph {
  readonly graph: ModuleGraph;
  readonly plugins: readonly Plugin[];
  readonly grants: readonly Resource[];
  /** What an index said of them, if one was asked. */
  readonly indexed?: IndexedPlace | undefined;
}

/**
 * Who vouched for modules vouches for them still, however they are asked for; and what the lockfile says
 * they were granted, it says still: others may have granted it.
 */
function toEntry(
  { graph, plugins, grants, indexed }: LoadedGraph,
  former: LockEntry | undefined,
): LockEntry {
  const isSame = former?.digest === graph.digest;
  const signer = indexed?.seen.signer || (isSame && former.signer);
  return {
    ...signer ? { signer } : {},
    digest: graph.digest,
    modules: new Map(graph.sources.map(({ url, hash, isTypeScript }) => [
      url,
      { hash: hashText(hash), isTypeScript },
    ])),
    redirects: graph.aliases,
    grants: isSame ? joined(former.grants, grants) : grants,
    plugins: new Map(
      plugins.map(({ metadata }) => [metadata.id, toLockedPlugin(metadata)]),
    ),
  };
}

function joined(...lists: (readonly Resource[])[]): Resource[] {
  const byName = lists.flat().map((one) => [nameOf(one), one] as const);
  return [...new Map(byName).values()];
}
