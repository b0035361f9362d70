import { type FileRoot, findFileRoot } from "./file_root.ts";
import { graphDigest, hashText, sha256 } from "./graph_digest.ts";
import type { FetchLimits } from "./limits.ts";
import type { LockedModule, LockEntry } from "./lockfile/lock_entry.ts";
import type { GraphSource, ModuleGraph } from "./module_graph.ts";
import { readModuleFile } from "./read_module_file.ts";
import type { ContentStore } from "./store/content_store.ts";

/** What locked graphs are found with. */
export interface LockedGraphOptions {
  /** Where modules are kept. */
  readonly content: ContentStore | undefined;
  /** How much may be fetched for one plugin. */
  readonly limits: FetchLimits;
}

/**
 * Finds a graph that is locked, if all of it is at hand and is what it was. What its modules import was
 * looked at when they were locked, so nobody has to read them again; types are taken off where they run.
 *
 * @param requested URL of the entry, as it was asked for.
 * @param lock What is known of the graph.
 * @param options Where modules are kept, and how large files may be.
 * @returns The graph; `undefined` if something is not there or has changed, for whoever fetches it to
 * say what.
 * @throws {PluginError} `INTEGRITY_MISMATCH` if a stored module has been altered, `STORE_UNUSABLE`.
 */
export async function findLockedGraph(
  requested: string,
  { redirects, modules: locked, digest }: LockEntry,
  { content, limits }: LockedGraphOptions,
): Promise<ModuleGraph | undefined> {
  const root = requested.startsWith("file:")
    ? await findFileRoot(requested)
    : undefined;
  const found = await Promise.all(
    [...locked].map((module) => findModule(module, { root, content, limits })),
  );
  const sources = found.flatMap((module) => module ?? []);
  if (sources.length < locked.size) return undefined;
  const entry = redirects.get(requested) ?? requested;
  const hashes = new Map(sources.map(({ url, hash }) => [url, hash]));
  if (!hashes.has(entry) || await graphDigest(entry, hashes) !== digest) {
    return undefined;
  }
  const decoder = new TextDecoder();
  return {
    entry,
    modules: new Map(
      sources.map(({ url, bytes }) => [url, decoder.decode(bytes)]),
    ),
    typed: new Set(
      sources.flatMap(({ url, isTypeScript }) => isTypeScript ? [url] : []),
    ),
    aliases: redirects,
    digest,
    sources,
  };
}

/** Files are read where they are, so that an edit is seen. */
async function findModule(
  [url, { hash: wanted, isTypeScript }]: readonly [string, LockedModule],
  { root, content, limits }: LockedGraphOptions & {
    readonly root: FileRoot | undefined;
  },
): Promise<GraphSource | undefined> {
  const isFile = url.startsWith("file:");
  const bytes = isFile
    ? await readFileInside(url, root, limits)
    : await content?.read(wanted);
  if (bytes === undefined) return undefined;
  const hash = await sha256(bytes);
  if (hashText(hash) !== wanted) return undefined;
  return { url, bytes, hash, isTypeScript, isStored: !isFile };
}

async function readFileInside(
  url: string,
  root: FileRoot | undefined,
  limits: FetchLimits,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await root?.assertInside(url);
    return (await readModuleFile(url, limits)).bytes;
  } catch {
    return undefined;
  }
}
