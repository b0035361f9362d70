import { type DType, itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { Operand } from "../../ir/mod.ts";
import type { Grain } from "./panel.ts";

/** One side of a product: its matrices, whose lines are rows of A or columns of B. In bytes. */
export interface Matrix {
  /** How elements are stored. */
  readonly dtype: DType;
  /** Where each matrix of the batch starts. */
  readonly starts: Int32Array;
  /** From line to line. */
  readonly lineStep: number;
  /** Along the depth. */
  readonly depthStep: number;
  /** Which neighbours lie next to each other. */
  readonly grain: Grain;
}

/**
 * Finds the matrices of an operand.
 *
 * @param operand The operand.
 * @param axes Sizes of the batch axes; which axis of the operand goes from line to line, and which
 * along the depth.
 * @returns The matrices.
 */
export function matrixOf(
  operand: Operand,
  { batch, line, depth }: {
    readonly batch: readonly number[];
    readonly line: number;
    readonly depth: number;
  },
): Matrix {
  const { dtype, strides } = operand;
  const bytes = itemBytes(dtype);
  const starts = startsOf(operand, batch).map((start) => bytes * start);
  const [lineStep, depthStep] = [strides[line]!, strides[depth]!];
  return {
    dtype,
    starts,
    lineStep: bytes * lineStep,
    depthStep: bytes * depthStep,
    grain: depthStep === 1 ? "depth" : lineStep === 1 ? "lines" : "neither",
  };
}

/**
 * Finds where each batch of an operand starts.
 *
 * @param operand The operand, whose first axes are those of the batch.
 * @param batch Sizes of these axes.
 * @returns Its first element, for each batch.
 */
export function startsOf(
  { strides, offset }: Operand,
  batch: readonly number[],
): Int32Array {
  return Int32Array.from({ length: sizeOf(batch) }, (_, index) => {
    let rest = index;
    let start = offset;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      start += (rest % batch[axis]!) * strides[axis]!;
      rest = Math.floor(rest / batch[axis]!);
    }
    return start;
  });
}
