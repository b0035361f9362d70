import { type Clock, SYSTEM_CLOCK } from "../base/mod.ts";
import type { GuestGraph } from "../sandbox/guest_graph.ts";
import { fetchLimit, integrityMismatch } from "./errors.ts";
import type { Fetch } from "./fetch_options.ts";
import { type FileRoot, findFileRoot } from "./file_root.ts";
import { graphDigest, hashText } from "./graph_digest.ts";
import { type ImportScope, resolveImport } from "./import_policy.ts";
import { FETCH_LIMITS, type FetchLimits } from "./limits.ts";
import type { LockEntry } from "./lockfile/lock_entry.ts";
import type { ModuleStore, StoredModule } from "./module_store.ts";
import { REGISTRIES, type Registries } from "./registries/registries.ts";
import { withinTime } from "./within_time.ts";

/** A module as it was found. */
export type GraphSource = Pick<
  StoredModule,
  "url" | "bytes" | "hash" | "isTypeScript" | "isStored"
>;

/** Every module that one entry can reach, with its digest. */
export interface ModuleGraph extends GuestGraph {
  /** `sha256-` and the digest of all modules in base 64. */
  readonly digest: string;
  /** The modules as they were found. */
  readonly sources: readonly GraphSource[];
}

/** How a graph is fetched. */
export interface FetchGraphOptions {
  /** Where modules come from. */
  readonly store: ModuleStore;
  /** How much is fetched at most. */
  readonly limits?: FetchLimits;
  /** Fetches over the network. */
  readonly fetch?: Fetch;
  /** Where packages come from. */
  readonly registries?: Registries;
  /** What the graph must be. */
  readonly lock?: LockEntry | undefined;
  /** Where time comes from. */
  readonly clock?: Clock;
  /** URLs that mean the library of this host. */
  readonly sdkUrls?: readonly string[] | undefined;
  /**
   * Asked about each package that modules import, before it is fetched.
   *
   * @param url Its specifier.
   * @throws {PluginError} `SOURCE_DENIED` if it must not be.
   */
  readonly judge?: (url: string) => void;
}

/**
 * Fetches a closed module graph: an entry and everything it imports by a literal name. All of it
 * comes from the entry's origin or from below its folder, or is a package of npm or JSR; the library is
 * left out.
 *
 * @param entry URL of the entry.
 * @param options How it is fetched.
 * @returns The graph.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`, `IMPORT_REFUSED`, `INTEGRITY_MISMATCH`,
 * `PLUGIN_IMPORT_FAILED`.
 */
export async function fetchModuleGraph(
  entry: string,
  options: FetchGraphOptions,
): Promise<ModuleGraph> {
  const { limits = FETCH_LIMITS, clock = SYSTEM_CLOCK } = options;
  return await withinTime(entry, { limits, clock }, (signal) => {
    return new GraphWalk(entry, { ...options, limits }, signal).run();
  });
}

class GraphWalk {
  readonly #requestedEntry: string;
  readonly #options: FetchGraphOptions & { readonly limits: FetchLimits };
  readonly #signal: AbortSignal;
  readonly #requested = new Set<string>();
  readonly #modules = new Map<string, StoredModule>();
  readonly #aliases = new Map<string, string>();
  #root: FileRoot | undefined;
  readonly #packages = new Map<string, StoredModule>();
  #byteLength = 0;

  constructor(
    entry: string,
    options: FetchGraphOptions & { readonly limits: FetchLimits },
    signal: AbortSignal,
  ) {
    this.#requestedEntry = entry;
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<ModuleGraph> {
    if (this.#requestedEntry.startsWith("file:")) {
      this.#root = await findFileRoot(this.#requestedEntry);
    }
    await this.#visit(this.#requestedEntry);
    const entry = this.#aliases.get(this.#requestedEntry) ??
      this.#requestedEntry;
    const modules = [...this.#modules];
    const digest = await graphDigest(
      entry,
      new Map(modules.map(([url, { hash }]) => [url, hash])),
    );
    this.#assertLocked({ url: entry, what: "modules", found: digest });
    return {
      entry,
      modules: new Map(modules.map(([url, { code }]) => [url, code])),
      typed: new Set(),
      aliases: this.#aliases,
      digest,
      sources: [...this.#modules.values()],
    };
  }

  /** Fetches a module and, at the same time, all it imports. */
  async #visit(url: string, from = url): Promise<void> {
    const { store, limits, lock, fetch = globalThis.fetch } = this.#options;
    if (this.#requested.has(url)) return;
    this.#requested.add(url);
    if (this.#requested.size > limits.modulesMax) {
      throw fetchLimit(url, "modules", limits.modulesMax);
    }
    if (from.startsWith("file:")) await this.#root?.assertInside(from);
    const isPackage = /^(jsr|npm):/.test(from);
    if (isPackage && from !== this.#requestedEntry) this.#options.judge?.(from);
    const signal = this.#signal;
    const module = await store.get(from, {
      limits,
      signal,
      fetch,
      lock,
      registries: this.#options.registries ?? REGISTRIES,
    });
    const found = hashText(module.hash);
    this.#assertLocked({ url: module.url, what: "module", found });
    if (module.url !== url) this.#aliases.set(url, module.url);
    if (this.#modules.has(module.url)) return;
    this.#modules.set(module.url, module);
    this.#byteLength += module.bytes.length;
    if (this.#byteLength > limits.bytesMax) {
      throw fetchLimit(url, "bytes", limits.bytesMax);
    }
    const { packageRoot } = module;
    if (packageRoot !== undefined && !this.#packages.has(packageRoot)) {
      this.#packages.set(packageRoot, module);
    }
    this.#assertChecksum(module, found);
    if (module.imports.length > limits.modulesMax) {
      throw fetchLimit(url, "modules", limits.modulesMax);
    }
    const scope = this.#scopeOf(module);
    const imports = module.imports.flatMap((found) =>
      resolveImport(found, scope) ?? []
    );
    await Promise.all(imports.map(({ url, from }) => this.#visit(url, from)));
  }

  #scopeOf({ url: importer }: StoredModule): ImportScope {
    const { lock, sdkUrls } = this.#options;
    const entry = this.#aliases.get(this.#requestedEntry) ??
      this.#requestedEntry;
    const [root, first] = this.#packageOf(importer) ?? [];
    const ownPackage = root === undefined
      ? undefined
      : { root, dependencies: first?.dependencies ?? {} };
    return { entry, importer, ownPackage, lock, sdkUrls };
  }

  /** The package that a module is part of, and the first of its modules that was found. */
  #packageOf(url: string): [root: string, StoredModule] | undefined {
    return this.#packages.entries().find(([root]) => url.startsWith(root));
  }

  /** Requires that a module is what its registry says. */
  #assertChecksum(module: StoredModule, found: string): void {
    const { url } = module;
    const [, first] = this.#packageOf(url) ?? [];
    if (first?.checksums === undefined) return;
    const expected = first.checksums.get(url) ?? "none";
    if (found === expected) return;
    throw integrityMismatch(url, { what: "module", expected, found });
  }

  /** Requires that something is what was locked. */
  #assertLocked({ url, what, found }: {
    readonly url: string;
    readonly what: "module" | "modules";
    readonly found: string;
  }): void {
    const { lock } = this.#options;
    if (lock === undefined) return;
    const expected = what === "modules"
      ? lock.digest
      : lock.modules.get(url)?.hash ?? "none";
    if (found === expected) return;
    throw integrityMismatch(url, { what, expected, found });
  }
}
