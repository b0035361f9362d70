import { isPlainObject, type Json } from "../base/mod.ts";

/** The typed arrays whose elements are numbers, by name. */
const NUMBER_ARRAYS: ReadonlyMap<
  string,
  { from(items: number[]): ArrayBufferView }
> = new Map(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float16Array,
    Float32Array,
    Float64Array,
  ].map((type) => [type.name, type]),
);

/** Those whose elements are big integers. */
const BIGINT_ARRAYS: ReadonlyMap<
  string,
  { from(items: bigint[]): ArrayBufferView }
> = new Map(
  [BigInt64Array, BigUint64Array].map((type) => [type.name, type]),
);

/**
 * Reads a payload back from its JSON. What could not be written, a `$omitted`, `$ref`, `$error` or
 * `$truncated`, stays the object that stands for it.
 *
 * @param json What the payload was written as.
 * @returns The payload.
 */
export function decodePayload(json: Json): unknown {
  if (Array.isArray(json)) return json.map(decodePayload);
  if (!isPlainObject(json)) return json;
  const object = json as { readonly [key: string]: Json };
  if (typeof object.$type === "string") {
    return decodeTyped(object.$type, object.value ?? null);
  }
  const pairs = Object.entries(object).map((
    [key, value],
  ) => [
    key.startsWith("$$") ? key.slice(1) : key,
    decodePayload(value),
  ]);
  return Object.fromEntries(pairs);
}

function decodeTyped(type: string, value: Json): unknown {
  const items = Array.isArray(value) ? value.map(decodePayload) : [];
  switch (type) {
    case "number":
      return Number(value);
    case "bigint":
      return BigInt(String(value));
    case "undefined":
      return undefined;
    case "Date":
      return new Date(value === null ? NaN : String(value));
    case "Map":
      return new Map(items as [unknown, unknown][]);
    case "Set":
      return new Set(items);
    case "ArrayBuffer":
      return Uint8Array.from(items as number[]).buffer;
    case "Error":
      return decodeError(value);
    default: {
      // Which elements it has, goes with its name.
      const numbers = NUMBER_ARRAYS.get(type);
      if (numbers !== undefined) return numbers.from(items as number[]);
      const integers = BIGINT_ARRAYS.get(type);
      if (integers !== undefined) return integers.from(items as bigint[]);
      return { $type: type, value: decodePayload(value) };
    }
  }
}

function decodeError(value: Json): Error {
  const { name, message } = isPlainObject(value)
    ? value as { readonly name?: Json; readonly message?: Json }
    : {};
  const error = new Error(String(message ?? ""));
  error.name = String(name ?? "Error");
  return error;
}
