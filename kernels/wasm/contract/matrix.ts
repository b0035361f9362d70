import { sizeOf } from "../../../core/base/mod.ts";
import type { Operand } from "../../ir/mod.ts";
import type { Grain } from "./packing.ts";

/** One side of a product: its matrices, whose lines are rows of A or columns of B. In bytes. */
export interface Matrix {
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
  { strides, offset }: Operand,
  { batch, line, depth }: {
    readonly batch: readonly number[];
    readonly line: number;
    readonly depth: number;
  },
): Matrix {
  const count = sizeOf(batch);
  const starts = Int32Array.from({ length: count }, (_, index) => {
    let rest = index;
    let start = offset;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      start += (rest % batch[axis]!) * strides[axis]!;
      rest = Math.floor(rest / batch[axis]!);
    }
    return 4 * start;
  });
  const [lineStep, depthStep] = [strides[line]!, strides[depth]!];
  return {
    starts,
    lineStep: 4 * lineStep,
    depthStep: 4 * depthStep,
    grain: depthStep === 1 ? "depth" : lineStep === 1 ? "lines" : "neither",
  };
}
