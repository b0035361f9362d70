import type { Coded } from "./coded.ts";
import type { JsonObject } from "./json.ts";

/**
 * A failure that callers may branch on. Layers have classes of their own, so that it can be told whose
 * it is; those for which a built-in class fits, such as `RangeError`, extend that one instead.
 */
export abstract class CodedError<Code extends string = string> extends Error
  implements Coded<Code> {
  /** Stable name of the failure. */
  readonly code: Code;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer a layer's factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   * @param options What caused it, if that was another error.
   */
  constructor(
    code: Code,
    message: string,
    details: JsonObject,
    options?: ErrorOptions,
  ) {
    // A cause that is not there is no property either.
    super(message, options?.cause === undefined ? undefined : options);
    this.code = code;
    this.details = details;
  }
}
