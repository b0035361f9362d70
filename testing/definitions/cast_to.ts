import { type DType, roundHalf } from "../../core/base/mod.ts";

/**
 * Makes a number one of a dtype. A fraction is cut towards zero for whole numbers, and clamped to
 * their range.
 *
 * @param value The number.
 * @param dtype The dtype.
 * @returns The number that the dtype holds.
 */
export function castTo(value: number, dtype: DType): number {
  switch (dtype) {
    case "bool":
      return Number(value !== 0);
    case "int32":
      if (Number.isNaN(value)) return 0;
      return Math.trunc(Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
    case "int8":
      return castTo(Math.min(Math.max(value, -128), 127), "int32");
    case "float16":
    case "bfloat16":
      return roundHalf(value, dtype);
    case "float32":
      return value;
    default:
      return dtype satisfies never;
  }
}
