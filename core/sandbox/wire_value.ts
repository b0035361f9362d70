/**
 * How the payload of an event crosses the border. Plain data stays as it is; numbers that JSON
 * lacks and `undefined` are tagged, `{"$number": "NaN"}`, and keys that begin with `$` get one more.
 * What neither can carry (functions, instances, cycles) does not cross at all: nothing is altered
 * silently.
 *
 * @module
 */
import { isPlainObject, type Json } from "../base/mod.ts";
import {
  type DataProblem,
  DEPTH_MAX,
  oddShape,
  plainDataProblem,
} from "./plain_data.ts";

/** A value as plain data, or what keeps it from crossing. */
export type Encoding =
  | { readonly data: Json }
  | { readonly problem: DataProblem };

/**
 * Encodes a value.
 *
 * @param value Anything.
 * @returns Plain data, or `undefined` if the value cannot cross.
 */
export function encodeValue(value: unknown): Json | undefined {
  const encoding = tryEncodeValue(value);
  return "data" in encoding ? encoding.data : undefined;
}

/**
 * Encodes a value, or says what keeps it from crossing.
 *
 * @param value Anything.
 * @returns Plain data, or what is wrong.
 */
export function tryEncodeValue(value: unknown): Encoding {
  try {
    const encoded = encode(value, 1);
    const problem = plainDataProblem(encoded);
    // What has no problem is plain data.
    return problem === undefined ? { data: encoded as Json } : { problem };
  } catch {
    // A getter threw. What cannot be read cannot cross.
    return { problem: oddShape("a value that cannot be read") };
  }
}

/**
 * Decodes a value.
 *
 * @param data What {@linkcode encodeValue} made.
 * @returns A fresh copy of the value.
 */
export function decodeValue(data: Json): unknown {
  if (typeof data !== "object" || data === null) return data;
  if (isArray(data)) return data.map(decodeValue);
  if ("$number" in data) return Number(data.$number);
  if ("$undefined" in data) return undefined;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key.startsWith("$$") ? key.slice(1) : key,
      decodeValue(value),
    ]),
  );
}

/** As `encodeValue`, but what cannot cross is left in place for the check to find. */
function encode(value: unknown, depth: number): unknown {
  if (value === undefined) return { $undefined: true };
  if (typeof value === "number") {
    if (Object.is(value, -0)) return { $number: "-0" };
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  if (depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return encodeList(value, depth);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.startsWith("$") ? `$${key}` : key,
      encode(item, depth + 1),
    ]),
  );
}

/** A list as it is, if it has holes: it may be a billion of them. */
function encodeList(list: readonly unknown[], depth: number): unknown {
  const items: unknown[] = [];
  for (let i = 0; i < list.length; i++) {
    if (!(i in list)) return list;
    items.push(encode(list[i], depth + 1));
  }
  return items;
}

function isArray(data: Json): data is readonly Json[] {
  return Array.isArray(data);
}
