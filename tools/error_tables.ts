/**
 * The error codes of every layer, read from the layers' own tables.
 *
 * @module
 */
import { ROOT } from "./project_files.ts";

/** The codes of one layer. */
export interface ErrorTable {
  /** The file that holds them, relative to the root. */
  readonly path: string;
  /** The line that each code's page opens with, by code. */
  readonly codes: Readonly<Record<string, string>>;
}

/**
 * Reads the tables.
 *
 * @param project The project's texts by path.
 * @returns The tables, in the order of the paths.
 */
export async function readErrorTables(
  project: ReadonlyMap<string, string>,
): Promise<ErrorTable[]> {
  const tables: ErrorTable[] = [];
  for (const [path, text] of project) {
    if (!/(^|\/)errors\.ts$/.test(path)) continue;
    if (!text.includes("export const ERROR_CODES")) continue;
    // A name of its own: a module that something has imported as text would be run as that text.
    const url = new URL(`./${path}?codes`, ROOT);
    const layer: { readonly ERROR_CODES: ErrorTable["codes"] } = await import(
      url.href
    );
    tables.push({ path, codes: layer.ERROR_CODES });
  }
  return tables;
}
