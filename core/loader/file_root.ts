import { accessProblem } from "../base/mod.ts";
import { fetchFailed, importRefused } from "./errors.ts";

/** A folder that a plugin's files must lie in, links followed. */
export interface FileRoot {
  /**
   * Requires that a file lies in the folder.
   *
   * @param url The file.
   * @throws {PluginError} `IMPORT_REFUSED` if a link leads out of it.
   */
  assertInside(url: string): Promise<void>;
}

/**
 * Finds the folder of a plugin's entry. Where URLs say that a file lies below it, a link could still
 * lead out.
 *
 * @param entry URL of the entry.
 * @returns The folder.
 * @throws {PluginError} `FETCH_FAILED` if it is not there.
 */
export async function findFileRoot(entry: string): Promise<FileRoot> {
  const folder = await realPath(new URL(".", entry).href);
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  return {
    async assertInside(url) {
      // The host named the entry itself, wherever it leads.
      if (url === entry || (await realPath(url)).startsWith(prefix)) return;
      throw importRefused(
        entry,
        url,
        "a link leads out of the folder of the plugin's entry",
      );
    },
  };
}

async function realPath(url: string): Promise<string> {
  try {
    return (await Deno.realPath(new URL(url))).replaceAll("\\", "/");
  } catch (cause) {
    throw fetchFailed(url, accessProblem(cause), { cause });
  }
}
