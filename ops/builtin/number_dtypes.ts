import { type DType, DTYPES, isFloatDType } from "../../core/base/mod.ts";

/** The dtypes that hold numbers rather than truth, for messages. */
export const NUMBER_DTYPES: readonly DType[] = DTYPES.filter((dtype) =>
  dtype !== "bool"
);

/** The dtypes that hold fractions, for messages. */
export const FLOAT_DTYPES: readonly DType[] = DTYPES.filter(isFloatDType);

/**
 * Finds the dtype of arithmetic on a dtype of numbers: `int8` is for storing only, and would overflow.
 *
 * @param dtype The dtype.
 * @returns `int32` for `int8`, else the same dtype.
 */
export function promoteWhole(dtype: DType): DType {
  return dtype === "int8" ? "int32" : dtype;
}
