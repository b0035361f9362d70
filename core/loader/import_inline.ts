import { noPluginExport, pluginImportFailed } from "../sandbox/errors.ts";
import { readPluginExport } from "../sandbox/guest/plugin_export.ts";
import { toWireError } from "../sandbox/wire_error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { fetchFailed } from "./errors.ts";

/**
 * Imports a plugin's module into the host's own realm. The platform fetches it, by its own rules,
 * and nothing holds it.
 *
 * @param url Where it is.
 * @returns Its plugins.
 * @throws {PluginError} `FETCH_FAILED` if it is not there, `PLUGIN_IMPORT_FAILED` if it threw,
 * `NO_PLUGIN_EXPORT` if its default export is not a plugin.
 */
export async function importInline(url: string): Promise<readonly Plugin[]> {
  const read = await importAndRead(url);
  if (read.kind === "plugins") return read.plugins;
  throw noPluginExport(url, read.found);
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
