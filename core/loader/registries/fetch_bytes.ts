import { fetchFailed } from "../errors.ts";
import { fetchAnswer, readBody } from "../fetch_answer.ts";
import type { FetchOptions } from "../fetch_options.ts";

/**
 * Fetches a document of a registry.
 *
 * @param url Where it is.
 * @param options How it is fetched.
 * @returns Its bytes.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`.
 */
export async function fetchBytes(
  url: string,
  options: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { response, at } = await fetchAnswer(url, options);
  return await readBody(response, at, options.limits.bytesMax);
}

/**
 * Fetches a document of a registry that is JSON.
 *
 * @param url Where it is.
 * @param options How it is fetched.
 * @returns What parsing it gave, which is foreign.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`.
 */
export async function fetchJson(
  url: string,
  options: FetchOptions,
): Promise<unknown> {
  return parseJson(url, await fetchBytes(url, options));
}

/**
 * Parses a document that is JSON.
 *
 * @param url Where it was, for the error.
 * @param bytes What it is.
 * @returns What parsing it gave, which is foreign.
 * @throws {PluginError} `FETCH_FAILED` if it is no JSON.
 */
export function parseJson(url: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw fetchFailed(url, { found: "a document that is no JSON" }, { cause });
  }
}
