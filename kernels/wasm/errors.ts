/**
 * What can go wrong in the threads of this backend.
 *
 * @module
 */
import { CodedError } from "../../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  THREAD_FAILED: "A thread of a backend failed, or did not come back.",
} as const;

/** A failure of a thread. */
export class ThreadError extends CodedError<keyof typeof ERROR_CODES> {
  /** Name of the class. */
  override readonly name: string = "ThreadError";
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
    { backend, reason },
  );
}
