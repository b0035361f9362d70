import type { Json } from "../../base/mod.ts";

/**
 * Freezes plain data of bounded depth in place, all the way down.
 *
 * @param value The data.
 * @returns The same data.
 */
export function frozen(value: Json): Json {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
