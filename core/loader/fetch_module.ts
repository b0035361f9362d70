import { fetchFailed } from "./errors.ts";
import { fetchAnswer, readBody } from "./fetch_answer.ts";
import type { FetchOptions } from "./fetch_options.ts";
import type { FetchedModule } from "./fetched_module.ts";
import { readModuleFile } from "./read_module_file.ts";
import { fetchFromJsr } from "./registries/fetch_from_jsr.ts";
import { fetchFromNpm } from "./registries/fetch_from_npm.ts";
import { parsePackageSpecifier } from "./registries/package_specifier.ts";

const TYPESCRIPT_TYPES: ReadonlySet<string> = new Set([
  "application/typescript",
  "application/x-typescript",
  "text/typescript",
  "text/x-typescript",
  // What many servers take `.ts` for.
  "video/mp2t",
  "video/vnd.dlna.mpeg-tts",
]);
const JAVASCRIPT_TYPES: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/javascript",
  "application/x-javascript",
  "text/ecmascript",
  "text/javascript",
]);

/**
 * Fetches one module, from a file, from a server or from a registry.
 *
 * @param url Where it is.
 * @param options How it is fetched.
 * @returns What was found.
 * @throws {PluginError} `FETCH_FAILED` if it is not there, is no module, or its server sends on to
 * another origin; `FETCH_LIMIT` if it is too large or sent on too often; `INTEGRITY_MISMATCH` if a
 * registry says that it is something else.
 */
export async function fetchModule(
  url: string,
  options: FetchOptions,
): Promise<FetchedModule> {
  if (url.startsWith("file:")) return await readModuleFile(url, options.limits);
  const specifier = parsePackageSpecifier(url);
  if (specifier?.kind === "npm") return await fetchFromNpm(specifier, options);
  if (specifier?.kind === "jsr") {
    const fetchOne = (url: string) => fetchModule(url, options);
    return await fetchFromJsr(specifier, options, fetchOne);
  }
  const { response, at } = await fetchAnswer(url, options);
  try {
    const isTypeScript = languageOf(response, at);
    const { bytesMax } = options.limits;
    return {
      url: at,
      isTypeScript,
      bytes: await readBody(response, at, bytesMax),
    };
  } catch (error) {
    await response.body?.cancel().catch(() => {});
    // What the fetch was ended for says more than that it was ended.
    options.signal.throwIfAborted();
    throw error;
  }
}

/** Whether an answer is TypeScript; it throws if the answer is no module at all. */
function languageOf(response: Response, url: string): boolean {
  const type = response.headers.get("content-type") ?? "";
  const [essence = "", ...parameters] = type.toLowerCase().split(";")
    .map((part) => part.trim());
  const charset = parameters.find((part) => part.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw fetchFailed(url, { found: `text in ${charset}` });
  }
  if (TYPESCRIPT_TYPES.has(essence)) return true;
  if (JAVASCRIPT_TYPES.has(essence)) return false;
  throw fetchFailed(url, {
    found: essence === "" ? "no media type" : `media type "${essence}"`,
  });
}
