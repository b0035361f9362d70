/**
 * Whatever an event carries, as JSON. Plain data stays as it is; everything else becomes an object
 * with one key that begins with `$` and says what it was, so that nothing is lost in silence and a
 * reader can tell the two apart. Runs foreign code (getters, `toJSON`) and survives what it throws.
 *
 * @module
 */
import type { Json, JsonObject } from "../base/mod.ts";
import { describeFailure } from "../events/describe_failure.ts";

/** How many bytes of JSON one payload may take. */
const PAYLOAD_BYTES_MAX = 64 * 1024;
/** How much of the text of a payload is kept that takes more, in characters. */
const HEAD_LENGTH = 1024;
/** How deep a payload may be nested, and how many values it may hold, before the rest is left out. */
const DEPTH_MAX = 200;
const VALUES_MAX = 1_000_000;

const TEXT = new TextEncoder();

/**
 * Writes a payload as JSON.
 *
 * @param payload Anything.
 * @returns Its JSON; a `$truncated` object if that takes more than 64 KiB.
 */
export function encodePayload(payload: unknown): Json {
  const encoded = new PayloadEncoder().encode(payload, "$", 0);
  const text = JSON.stringify(encoded);
  // One UTF-16 unit takes one byte at least and three at most.
  if (text.length * 3 <= PAYLOAD_BYTES_MAX) return encoded;
  const bytes = TEXT.encode(text).length;
  if (bytes <= PAYLOAD_BYTES_MAX) return encoded;
  return { $truncated: bytes, head: text.slice(0, HEAD_LENGTH) };
}

class PayloadEncoder {
  /** What the value under way lies in, with the paths. */
  readonly #open = new Map<object, string>();
  #values = 0;

  encode(value: unknown, path: string, depth: number): Json {
    if (depth > DEPTH_MAX) return { $omitted: "depth" };
    if (++this.#values > VALUES_MAX) return { $omitted: "length" };
    if (value === undefined) return typed("undefined", null);
    switch (typeof value) {
      case "boolean":
      case "string":
        return value;
      case "number":
        return encodeNumber(value);
      case "bigint":
        return typed("bigint", String(value));
      case "function":
      case "symbol":
        return { $omitted: typeof value };
      default:
        return value === null ? null : this.#guarded(value, path, depth);
    }
  }

  /** Encodes an object, whatever its code throws. */
  #guarded(value: object, path: string, depth: number): Json {
    const outer = this.#open.get(value);
    if (outer !== undefined) return { $ref: outer };
    this.#open.set(value, path);
    try {
      return this.#object(value, path, depth);
    } catch (error) {
      return { $error: describeFailure(error, "").message };
    } finally {
      this.#open.delete(value);
    }
  }

  #object(value: object, path: string, depth: number): Json {
    const list = (items: Iterable<unknown>) => this.#list(items, path, depth);
    if (Array.isArray(value)) return list(Array.from(value));
    if (value instanceof Date) {
      const time = value.getTime();
      return typed("Date", Number.isNaN(time) ? null : value.toISOString());
    }
    if (value instanceof Map) return typed("Map", list(value));
    if (value instanceof Set) return typed("Set", list(value));
    if (value instanceof ArrayBuffer) {
      return typed("ArrayBuffer", list(new Uint8Array(value)));
    }
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const name = Object.prototype.toString.call(value).slice(8, -1);
      return typed(name, list(value as Uint8Array));
    }
    if (value instanceof Error) {
      const { name, message } = value;
      return typed("Error", { name: String(name), message: String(message) });
    }
    if ("toJSON" in value && typeof value.toJSON === "function") {
      return this.encode(value.toJSON(), path, depth + 1);
    }
    return this.#properties(value, path, depth);
  }

  #list(items: Iterable<unknown>, path: string, depth: number): Json[] {
    const encoded: Json[] = [];
    for (const item of items) {
      encoded.push(this.encode(item, `${path}[${encoded.length}]`, depth + 1));
      if (this.#values > VALUES_MAX) break;
    }
    return encoded;
  }

  #properties(value: object, path: string, depth: number): JsonObject {
    const pairs: [string, Json][] = [];
    for (const key of Object.keys(value)) {
      const name = key.startsWith("$") ? `$${key}` : key;
      pairs.push([name, this.#property(value, key, { path, depth })]);
      if (this.#values > VALUES_MAX) break;
    }
    return Object.fromEntries(pairs);
  }

  /** One property: a getter that throws spoils no other. */
  #property(
    value: object,
    key: string,
    { path, depth }: { readonly path: string; readonly depth: number },
  ): Json {
    let item: unknown;
    try {
      item = Reflect.get(value, key);
    } catch (error) {
      return { $error: describeFailure(error, "").message };
    }
    return this.encode(item, `${path}.${key}`, depth + 1);
  }
}

function encodeNumber(value: number): Json {
  if (Object.is(value, -0)) return typed("number", "-0");
  return Number.isFinite(value) ? value : typed("number", String(value));
}

function typed($type: string, value: Json): JsonObject {
  return { $type, value };
}
