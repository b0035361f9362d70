import { accessProblem, isCoded } from "../base/mod.ts";
import { fetchFailed, fetchLimit } from "./errors.ts";
import type { FetchOptions } from "./fetch_options.ts";

/** An answer, and where it came from. */
export interface Answer {
  /** The answer. */
  readonly response: Response;
  /** Where it came from; differs from what was asked for after a redirect. */
  readonly at: string;
}

/**
 * Asks a server and goes where it sends, within its own origin.
 *
 * @param url Where to ask.
 * @param options How it is fetched.
 * @returns An answer that is good.
 * @throws {PluginError} `FETCH_FAILED`, and `FETCH_LIMIT` if it sends on too often; `SOURCE_DENIED` if it is
 * not of the public network.
 */
export async function fetchAnswer(
  url: string,
  options: FetchOptions,
): Promise<Answer> {
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
    if (isCoded(cause)) throw cause;
    throw fetchFailed(url, accessProblem(innermost(cause)), { cause });
  }
}

/** What lies behind a fetch that failed: the platform puts it into the cause. */
function innermost(error: unknown): unknown {
  if (!(error instanceof Error)) return "no answer";
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/**
 * Reads a body to its end, or until it is too large: what a server claims of its length is not asked.
 *
 * @param response The answer.
 * @param url Where it came from.
 * @param bytesMax How large it may be.
 * @returns What was in it.
 * @throws {PluginError} `FETCH_LIMIT` if it is larger.
 */
export async function readBody(
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
