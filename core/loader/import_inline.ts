import { noPluginExport, pluginImportFailed } from "../sandbox/errors.ts";
import { readPluginExport } from "../sandbox/guest/plugin_export.ts";
import { toWireError } from "../sandbox/wire_error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { fetchFailed } from "./errors.ts";

/** What an import has brought. */
export interface InlineImport {
  /** The plugins. */
  readonly plugins: readonly Plugin[];
  /** Files that were imported: the entry, and what it imports from its own folder and below. */
  readonly modules: readonly string[];
}

/**
 * Imports a plugin's module into the host's own realm. The platform fetches it, by its own rules,
 * and nothing holds it.
 *
 * The platform keeps what it has imported. A file that is imported again is imported anew, with all
 * that it imports from its own folder and below; the rest, the library above all, stays as it is.
 *
 * @param url Where it is.
 * @param options Whether it is imported again, though it has been before.
 * @returns Its plugins.
 * @throws {PluginError} `FETCH_FAILED` if it is not there, `PLUGIN_IMPORT_FAILED` if it threw,
 * `NO_PLUGIN_EXPORT` if its default export is not a plugin.
 */
export async function importInline(
  url: string,
  { again = false }: { readonly again?: boolean } = {},
): Promise<InlineImport> {
  const name = again ? crypto.randomUUID() : undefined;
  const modules = new Map([[asNew(url, name), url]]);
  using _hook = url.startsWith("file:")
    ? await followImports(url, name, modules)
    : undefined;
  const read = await importAndRead(asNew(url, name));
  if (read.kind !== "plugins") throw noPluginExport(url, read.found);
  return { plugins: read.plugins, modules: [...modules.values()].sort() };
}

/** A URL of the same file that the platform has not seen yet, unless it is to be the one it has. */
function asNew(url: string, name: string | undefined): string {
  if (name === undefined) return url;
  const again = new URL(url);
  again.searchParams.set("again", name);
  return again.href;
}

/** Notes which files of the entry's folder are imported on its behalf, and under which names. */
async function followImports(
  entry: string,
  name: string | undefined,
  modules: Map<string, string>,
): Promise<Disposable> {
  // On first need: a program without plugins from files has no use for it.
  const { registerHooks } = await import("node:module");
  const folder = new URL(".", entry).href;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const isOurs = modules.has(context.parentURL ?? "") &&
        found.url.startsWith(folder);
      if (!isOurs) return found;
      const url = asNew(found.url, name);
      modules.set(url, found.url);
      return { ...found, url };
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

async function importAndRead(
  url: string,
): Promise<Awaited<ReturnType<typeof readPluginExport>>> {
  try {
    return await readPluginExport(await import(url));
  } catch (cause) {
    if (isNotFound(cause)) {
      throw fetchFailed(url, { found: cause.message }, { cause });
    }
    throw pluginImportFailed(url, toWireError(cause), { cause });
  }
}

/** Whether the platform has found nothing to import, rather than something that threw. */
function isNotFound(cause: unknown): cause is TypeError {
  return cause instanceof TypeError && "code" in cause &&
    cause.code === "ERR_MODULE_NOT_FOUND";
}
