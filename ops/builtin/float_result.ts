import {
  type DType,
  dtypeMismatch,
  isFloatDType,
  promoteDTypes,
} from "../../core/base/mod.ts";
import type { TensorType } from "../graph/node.ts";
import { FLOAT_DTYPES } from "./number_dtypes.ts";

/**
 * Tells the dtype that two inputs meet in which an operator computes in `float32`.
 *
 * @param operation Name of the operator, for messages.
 * @param inputs The inputs.
 * @returns The dtype.
 * @throws {TensorError} `DTYPE_MISMATCH` if one holds no floating-point numbers.
 */
export function floatResult(
  operation: string,
  inputs: readonly [
    Pick<TensorType, "dtype">,
    Pick<TensorType, "dtype">,
  ],
): DType {
  for (const { dtype } of inputs) {
    if (!isFloatDType(dtype)) {
      throw dtypeMismatch(operation, dtype, FLOAT_DTYPES);
    }
  }
  return promoteDTypes(inputs[0].dtype, inputs[1].dtype);
}
