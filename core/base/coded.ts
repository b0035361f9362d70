import type { JsonObject } from "./json.ts";

/** What every error that is thrown on purpose carries, so that callers can branch on it. */
export interface Coded<Code extends string = string> {
  /** Stable name of the failure; `docs/errors/<CODE>.md` explains it. */
  readonly code: Code;
  /** The values the message was made from: plain data, safe to send to another process. */
  readonly details: JsonObject;
}

/**
 * Tells whether a caught value is an error that was thrown on purpose, by the library or by a
 * plugin.
 *
 * @example Branching on a code
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { broadcastShapes, isCoded } from "@spiraltorch/spiraltorch/base";
 *
 * try {
 *   broadcastShapes("add", [2], [3]);
 * } catch (error) {
 *   assertEquals(isCoded(error) && error.code, "SHAPE_MISMATCH");
 * }
 * ```
 *
 * @param value The caught value, from this realm or rebuilt from another process.
 * @returns Whether `value` is an error with a code and details.
 */
export function isCoded(value: unknown): value is Error & Coded {
  return value instanceof Error &&
    "code" in value && typeof value.code === "string" &&
    "details" in value && typeof value.details === "object" &&
    value.details !== null;
}
