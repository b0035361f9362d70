import { printable } from "../../core/base/mod.ts";

/**
 * Puts a value that somebody wrote into words, for messages.
 *
 * @param value Anything.
 * @returns Text such as `3`, `"abc"` or `an object`.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(printable(value, 60));
    case "number":
    case "boolean":
      return String(value);
    case "undefined":
      return "nothing";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "a list" : "an object";
    default:
      return `a ${typeof value}`;
  }
}
