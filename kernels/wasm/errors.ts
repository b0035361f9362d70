/**
 * What can go wrong in the threads of this backend.
 *
 * @module
 */
import type { Coded, JsonObject } from "../../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  THREAD_FAILED: "A thread of a backend failed, or did not come back.",
} as const;

/** A failure of a thread. */
export class ThreadError extends Error implements Coded {
  /** Stable name of the failure. */
  readonly code: keyof typeof ERROR_CODES;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer the factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param options The values the message was made from.
   */
  constructor(
    code: keyof typeof ERROR_CODES,
    message: string,
    { details }: { readonly details: JsonObject },
  ) {
    super(message);
    this.name = "ThreadError";
    this.code = code;
    this.details = details;
  }
}

/**
 * Builds the error for a thread that failed, or did not come back.
 *
 * @param backend Name of the backend.
 * @param reason What is known of it.
 * @returns The error, for the caller to throw.
 */
export function threadFailed(backend: string, reason: string): ThreadError {
  return new ThreadError(
    "THREAD_FAILED",
    `Cannot finish work on backend "${backend}": a thread failed (${reason})`,
    { details: { backend, reason } },
  );
}
