import { invalidOption } from "../../core/base/mod.ts";

/**
 * Requires numbers in a list, or as an array of elements.
 *
 * **Cost**: one look at each of a list; none at those of an array of elements.
 *
 * @param option Name of the argument or option, `weights of isSwapInvariant`.
 * @param numbers What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is something else, or holds something else.
 */
export function assertNumbers(option: string, numbers: unknown): void {
  const isFine = Array.isArray(numbers)
    ? numbers.every((each) => typeof each === "number")
    : isElements(numbers);
  if (!isFine) throw invalidOption(option, numbers, "a list of numbers");
}

function isElements(value: unknown): boolean {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array);
}
