import { invalidOption } from "../../core/base/mod.ts";

/**
 * Requires a whole number that something can be counted by.
 *
 * @param option Name of the option, `Linear inFeatures`.
 * @param value What it was set to.
 * @throws {OptionError} `INVALID_OPTION` if it is no whole number above 0.
 */
export function assertCount(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw invalidOption(option, value, "a whole number above 0");
}

/**
 * Requires a whole number by which something can be found.
 *
 * @param option Name of the argument or option, `epoch of DataLoader`.
 * @param value What it was set to.
 * @throws {OptionError} `INVALID_OPTION` if it is no whole number from 0.
 */
export function assertIndex(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw invalidOption(option, value, "a whole number from 0");
}

/** Where a number may lie. */
export interface NumberRange {
  /** The least value allowed. */
  readonly min: number;
  /** The first value that is too large; any finite number is allowed if left out. */
  readonly below?: number;
}

/**
 * Requires a finite number within a range.
 *
 * @param option Name of the option, `Adam beta1`.
 * @param value What it was set to.
 * @param range Where it may lie.
 * @throws {OptionError} `INVALID_OPTION` if it lies elsewhere.
 */
export function assertNumber(
  option: string,
  value: number,
  { min, below = Infinity }: NumberRange,
): void {
  // Text and lists compare with numbers too. A NaN is neither, and an infinity is not below anything.
  const isWithin = typeof value === "number" && value >= min && value < below;
  if (isWithin) return;
  const limit = below === Infinity ? "" : ` and below ${below}`;
  throw invalidOption(option, value, `a number from ${min}${limit}`);
}
