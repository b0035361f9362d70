import type { Clock } from "../../base/mod.ts";
import type { Fetch } from "../fetch_options.ts";
import type { FetchLimits } from "../limits.ts";
import { readFileWithin } from "../read_module_file.ts";
import { fetchBytes, parseJson } from "../registries/fetch_bytes.ts";
import type { Registries } from "../registries/registries.ts";
import { withinTime } from "../within_time.ts";
import {
  indexExpired,
  indexInvalid,
  indexRollback,
  signatureInvalid,
} from "./errors.ts";
import { isEnvelope, openEnvelope } from "./open_envelope.ts";
import { parseIndex } from "./parse_index.ts";
import type { IndexOptions, PluginIndex, SeenIndex } from "./plugin_index.ts";

/** What an index is read with. */
export interface ReadIndexOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** Tells the date, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Fetches over the network. */
  readonly fetch: Fetch;
  /** Where packages come from. */
  readonly registries: Registries;
  /** How much is fetched at most. */
  readonly fetchLimits: FetchLimits;
  /** What was seen of it before. */
  readonly seen: SeenIndex | undefined;
}

/** An index that can be gone by. */
export interface ReadIndex {
  /** What it lists. */
  readonly index: PluginIndex;
  /** What is to be remembered of it. */
  readonly seen: SeenIndex;
}

/**
 * Reads an index: bounded, verified before it is parsed, neither expired nor older than one before.
 *
 * @param index Where it is, and whose signature counts.
 * @param options What it is read with.
 * @returns The index.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`, `SIGNATURE_INVALID`, `INDEX_INVALID`,
 * `INDEX_EXPIRED`, `INDEX_ROLLBACK`.
 */
export async function readIndex(
  { url, keys = [] }: IndexOptions,
  options: ReadIndexOptions,
): Promise<ReadIndex> {
  const document = parseJson(url, await readBytes(url, options));
  const isSigned = isEnvelope(document);
  if (!isSigned && keys.length > 0) {
    throw signatureInvalid(url, "an index that is not signed");
  }
  if (isSigned && keys.length === 0) {
    throw signatureInvalid(url, "no key to hold its signature against");
  }
  const opened = isSigned
    ? await openEnvelope(document, { url, keys })
    : undefined;
  const parsed = parseIndex(
    opened ? parseJson(url, opened.payload) : document,
    url,
  );
  if ("issues" in parsed) throw indexInvalid(url, parsed.issues);
  const { index } = parsed;
  const { seen, nowMs } = options;
  if (seen && index.serial < seen.serial) {
    throw indexRollback(url, { found: index.serial, seen: seen.serial });
  }
  if (index.expiresMs <= nowMs()) {
    throw indexExpired(url, new Date(index.expiresMs).toISOString());
  }
  return {
    index,
    seen: { serial: index.serial, signer: opened?.signer ?? "" },
  };
}

async function readBytes(
  url: string,
  { clock, fetch, registries, fetchLimits }: ReadIndexOptions,
): Promise<Uint8Array> {
  const limits = { ...fetchLimits, bytesMax: fetchLimits.indexBytesMax };
  if (url.startsWith("file:")) return await readFileWithin(url, limits);
  return await withinTime(
    url,
    { clock, limits },
    (signal) => fetchBytes(url, { limits, signal, fetch, registries }),
  );
}
