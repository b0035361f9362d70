import type { Json } from "../base/mod.ts";
import { messageInvalid } from "./errors.ts";
import { tryEncodeValue } from "./wire_value.ts";

/**
 * Writes a value as plain data, or says why it cannot cross.
 *
 * @param what What the value is meant as, `an event`.
 * @param value The value.
 * @returns The data.
 * @throws {PluginError} `MESSAGE_INVALID` if it cannot cross.
 */
export function encodeFor(what: string, value: unknown): Json {
  const encoding = tryEncodeValue(value);
  if ("data" in encoding) return encoding.data;
  throw messageInvalid(what, encoding.problem);
}
