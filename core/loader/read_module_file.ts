import { accessProblem, isCoded } from "../base/mod.ts";
import { fetchFailed, fetchLimit } from "./errors.ts";
import type { FetchedModule } from "./fetched_module.ts";
import type { FetchLimits } from "./limits.ts";

const IS_TYPESCRIPT = /\.m?ts$/i;
const IS_JAVASCRIPT = /\.m?js$/i;

/**
 * Reads one module from a file.
 *
 * @param url Where it is.
 * @param limits How much is read at most.
 * @returns What was found.
 * @throws {PluginError} `FETCH_FAILED` if it cannot be read or is no module by its name;
 * `FETCH_LIMIT` if it is too large.
 */
export async function readModuleFile(
  url: string,
  limits: FetchLimits,
): Promise<FetchedModule> {
  const isTypeScript = languageOf(url);
  return { url, isTypeScript, bytes: await readFileWithin(url, limits) };
}

/**
 * Reads a file.
 *
 * @param url Where it is.
 * @param limits How much is read at most.
 * @returns Its bytes.
 * @throws {PluginError} `FETCH_FAILED` if it cannot be read, `FETCH_LIMIT` if it is too large.
 */
export async function readFileWithin(
  url: string,
  { bytesMax }: FetchLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // A device or a pipe could be read for ever.
    const { isFile, size } = await Deno.stat(new URL(url));
    if (!isFile) throw fetchFailed(url, { found: "something that is no file" });
    if (size > bytesMax) throw fetchLimit(url, "bytes", bytesMax);
    return await Deno.readFile(new URL(url));
  } catch (cause) {
    if (isCoded(cause) || !(cause instanceof Error)) throw cause;
    throw fetchFailed(url, accessProblem(cause), { cause });
  }
}

/**
 * Tells the language of a module by its name.
 *
 * @param url Where it is.
 * @returns Whether it is TypeScript; `undefined` if it is no module by its name.
 */
export function moduleLanguage(url: string): boolean | undefined {
  const { pathname } = new URL(url);
  if (IS_TYPESCRIPT.test(pathname)) return true;
  return IS_JAVASCRIPT.test(pathname) ? false : undefined;
}

function languageOf(url: string): boolean {
  const isTypeScript = moduleLanguage(url);
  if (isTypeScript !== undefined) return isTypeScript;
  throw fetchFailed(url, {
    found: "a file with another ending than .ts or .js",
  });
}
