/**
 * What two dtypes become beside each other: the one table that every operator of several inputs reads.
 *
 * Truth gives way to numbers, whole numbers to fractions, the narrow to the wide. Neither half type can
 * hold the other's values, so they meet in `float32`. Of a number written in code nothing is read here:
 * it adapts to the tensors beside it, see `apply`.
 *
 * **Source**: PyTorch, `torch.promote_types`; NumPy and the array API standard agree where they have the
 * dtypes, but for whole numbers beside fractions, which they do not mix.
 *
 * @module
 */
import type { DType } from "./dtype.ts";

/** One row a dtype: what it becomes beside each. */
// deno-fmt-ignore: a table is read by its columns.
const PROMOTIONS: Readonly<Record<DType, Readonly<Record<DType, DType>>>> = {
  bool:     { bool: "bool",     int8: "int8",     int32: "int32",    float16: "float16", bfloat16: "bfloat16", float32: "float32" },
  int8:     { bool: "int8",     int8: "int8",     int32: "int32",    float16: "float16", bfloat16: "bfloat16", float32: "float32" },
  int32:    { bool: "int32",    int8: "int32",    int32: "int32",    float16: "float16", bfloat16: "bfloat16", float32: "float32" },
  float16:  { bool: "float16",  int8: "float16",  int32: "float16",  float16: "float16", bfloat16: "float32",  float32: "float32" },
  bfloat16: { bool: "bfloat16", int8: "bfloat16", int32: "bfloat16", float16: "float32", bfloat16: "bfloat16", float32: "float32" },
  float32:  { bool: "float32",  int8: "float32",  int32: "float32",  float16: "float32", bfloat16: "float32",  float32: "float32" },
};

/**
 * Finds the dtype that two dtypes meet in: the wider of the two, where whole numbers beside fractions
 * become fractions of their dtype, and `float16` beside `bfloat16` becomes `float32`. It does not
 * matter which comes first, nor, of several, which two meet first.
 *
 * @example Whole numbers beside fractions
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { promoteDTypes } from "@spiraltorch/spiraltorch/base";
 *
 * assertEquals(promoteDTypes("float16", "int32"), "float16");
 * assertEquals(promoteDTypes("float16", "bfloat16"), "float32");
 * ```
 *
 * @param a One dtype.
 * @param b The other.
 * @returns The dtype for both.
 */
export function promoteDTypes(a: DType, b: DType): DType {
  return PROMOTIONS[a][b];
}
