import { noPluginExport, pluginImportFailed } from "../sandbox/errors.ts";
import { readPluginExport } from "../sandbox/guest/plugin_export.ts";
import { toWireError } from "../sandbox/wire_error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { fetchFailed } from "./errors.ts";

/**
 * Imports a plugin's module into the host's own realm. The platform fetches it, by its own rules,
 * and nothing holds it.
 *
 * The platform keeps what it has imported, so importing again means the entry only: what the entry
 * imports in turn is as it was.
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
): Promise<readonly Plugin[]> {
  const read = await importAndRead(again ? asNew(url) : url);
  if (read.kind === "plugins") return read.plugins;
  throw noPluginExport(url, read.found);
}

/** A URL of the same file that the platform has not seen yet. */
function asNew(url: string): string {
  const again = new URL(url);
  again.searchParams.set("again", crypto.randomUUID());
  return again.href;
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
