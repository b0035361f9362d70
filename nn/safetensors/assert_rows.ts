import { invalidOption, type Shape } from "../../core/base/mod.ts";
import { assertNumbers } from "../check/assert_numbers.ts";

/**
 * Requires rows that a tensor has.
 *
 * @param rows From the first to the one before the second, along the first axis.
 * @param shape Sizes per axis.
 * @throws {OptionError} `INVALID_OPTION` if there are no such rows.
 */
export function assertRows(
  rows: readonly [number, number],
  shape: Shape,
): void {
  assertNumbers("rows", rows);
  const count = shape[0] ?? 0;
  const [from, to] = rows;
  const isRange = rows.every(Number.isSafeInteger) &&
    0 <= from && from <= to && to <= count;
  if (isRange && shape.length > 0) return;
  throw invalidOption(
    "rows",
    rows,
    `two whole numbers from 0 to ${count}, in order`,
  );
}
