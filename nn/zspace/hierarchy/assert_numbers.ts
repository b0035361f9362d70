import { invalidOption } from "../../../core/base/mod.ts";

/**
 * Requires a list where nothing else will do. What is in it is the caller's.
 *
 * @param option What it is, `distances of distortionOf`.
 * @param list What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is no list.
 */
export function assertNumbers(option: string, list: ArrayLike<number>): void {
  const count: unknown = list?.length;
  const isList = typeof list === "object" && Number.isSafeInteger(count);
  if (!isList) throw invalidOption(option, list, "a list of numbers");
}
