/**
 * What can go wrong when a plugin's contribution is recorded inside a sandbox.
 *
 * @module
 */
import { type Coded, type JsonObject, printable } from "../../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  ATTRIBUTES_NOT_TRACED:
    "A sandboxed operator does with its attributes what cannot be recorded.",
  INFER_NOT_TRACED:
    "A sandboxed operator that has kernels only infers by a function.",
  KERNEL_RESULT_INVALID:
    "A sandboxed kernel gave something else than elements.",
  MODULE_NOT_TRACED: "A sandboxed plugin's module cannot be recorded.",
} as const;

/** A contribution that cannot leave its sandbox. */
export class GuestError extends TypeError implements Coded {
  /** Stable name of the failure. */
  readonly code: keyof typeof ERROR_CODES;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer the factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   */
  constructor(
    code: keyof typeof ERROR_CODES,
    message: string,
    details: JsonObject,
  ) {
    super(message);
    this.name = "GuestError";
    this.code = code;
    this.details = details;
  }
}

/**
 * Builds the error for an operator whose attributes cannot be recorded.
 *
 * @param operator Name of the operator.
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function attributesNotTraced(
  operator: string,
  problem: string,
): GuestError {
  return new GuestError(
    "ATTRIBUTES_NOT_TRACED",
    `Cannot record operator "${operator}": ${problem}`,
    { operator, problem },
  );
}

/**
 * Builds the error for an operator whose types only a function in the sandbox knows.
 *
 * @param operator Name of the operator.
 * @returns The error, for the caller to throw.
 */
export function inferNotTraced(operator: string): GuestError {
  return new GuestError(
    "INFER_NOT_TRACED",
    `Cannot record operator "${operator}": found a function that infers, wanted a shape rule beside kernels, since the host infers at each call`,
    { operator },
  );
}

/**
 * Builds the error for a kernel that gave no elements.
 *
 * @param backend What the kernel is for.
 * @param found The type of what it gave.
 * @returns The error, for the caller to throw.
 */
export function kernelResultInvalid(
  backend: string,
  found: string,
): GuestError {
  return new GuestError(
    "KERNEL_RESULT_INVALID",
    `Cannot send the result of a kernel for "${backend}": found ${found}, wanted a typed array`,
    { backend, found },
  );
}

/**
 * Builds the error for a module that is not made of tensors.
 *
 * @param type Type of the module.
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function moduleNotTraced(type: string, problem: string): GuestError {
  return new GuestError(
    "MODULE_NOT_TRACED",
    `Cannot record module ${JSON.stringify(printable(type, 80))}: ${problem}`,
    { type: printable(type, 80), problem },
  );
}
