import { fetchFailed, fetchLimit } from "./errors.ts";
import type { FetchedModule } from "./fetched_module.ts";
import type { FetchLimits } from "./limits.ts";
import { readModuleFile } from "./read_module_file.ts";

/** Whatever fetches like the platform does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a module is fetched. */
export interface FetchOptions {
  /** How much is fetched at most. */
  readonly limits: FetchLimits;
  /** Ends the fetch; its reason is what the fetch fails with. */
  readonly signal: AbortSignal;
  /** Fetches over the network. */
  readonly fetch: Fetch;
}

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
 * Fetches one module, from a file or from a server.
 *
 * @param url Where it is.
 * @param options How it is fetched.
 * @returns What was found.
 * @throws {PluginError} `FETCH_FAILED` if it is not there, is no module, or its server sends on to
 * another origin; `FETCH_LIMIT` if it is too large or sent on too often.
 */
export async function fetchModule(
  url: string,
  options: FetchOptions,
): Promise<FetchedModule> {
  if (url.startsWith("file:")) return await readModuleFile(url, options.limits);
  const { response, at } = await follow(url, options);
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

/** Asks for a module and goes where the server sends, within its own origin. */
async function follow(
  url: string,
  options: FetchOptions,
): Promise<{ readonly response: Response; readonly at: string }> {
  const { redirectsMax } = options.limits;
  let at = url;
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const response = await ask(at, options);
    if (response.ok) return { response, at };
    await response.body?.cancel();
    const { status } = response;
    const location = response.headers.get("location");
    if (status < 300 || status > 399 || location === null) {
      throw fetchFailed(url, { found: `status ${status}`, status });
    }
    const next = URL.canParse(location, at) ? new URL(location, at) : undefined;
    if (next?.origin !== new URL(url).origin) {
      throw fetchFailed(url, {
        found: `a redirect to "${next?.href ?? location}", another origin`,
        status,
      });
    }
    next.hash = "";
    at = next.href;
  }
  throw fetchLimit(url, "redirects", redirectsMax);
}

async function ask(
  url: string,
  { fetch, signal }: FetchOptions,
): Promise<Response> {
  try {
    return await fetch(url, {
      redirect: "manual",
      signal,
      headers: { accept: "text/typescript, text/javascript" },
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw fetchFailed(url, { found: reasonOf(cause) }, { cause });
  }
}

/** What lies behind a fetch that failed: the platform puts it into the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
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

/** Reads a body to its end, or until it is too large: what a server claims of its length is not asked. */
async function readBody(
  response: Response,
  url: string,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw fetchLimit(url, "bytes", bytesMax);
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
