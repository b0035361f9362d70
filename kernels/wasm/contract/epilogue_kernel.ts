import {
  contiguousStrides,
  type DType,
  type Shape,
  type ValueDType,
} from "../../../core/base/mod.ts";
import type { Expression, MapKernel, Operand } from "../../ir/mod.ts";

/** What a kernel makes of sums of products. */
export interface Finish {
  /** Shape of the sums, and of the output. */
  readonly shape: Shape;
  /** The kernel's operands: two that are multiplied, then those that `epilogue` loads. */
  readonly operands: readonly Operand[];
  /** How the sums are held on the way. */
  readonly held: ValueDType;
  /** The output element from the sum. */
  readonly epilogue: Expression;
  /** How the output is stored. */
  readonly dtype: DType;
}

/**
 * Writes what happens to sums of products as an elementwise kernel, whose first operand is
 * the bare sums.
 *
 * @param finish What becomes of them.
 * @returns The kernel, or `undefined` if the sums are the output as they are.
 */
export function epilogueKernel(
  { shape, operands, held, epilogue, dtype }: Finish,
): MapKernel | undefined {
  const isBare = epilogue.length === 1 && epilogue[0]!.kind === "accumulator";
  if (isBare && dtype === held) return undefined;
  const product = {
    dtype: held,
    strides: contiguousStrides(shape),
    offset: 0,
  };
  return {
    kind: "map",
    shape,
    operands: [product, ...operands.slice(2)],
    body: epilogue.map((instruction) => fromProduct(instruction, held)),
    dtype,
  };
}

/** The accumulator becomes operand 0, and operand 2, the first behind both matrices, operand 1. */
function fromProduct(
  instruction: Expression[number],
  dtype: ValueDType,
): Expression[number] {
  switch (instruction.kind) {
    case "accumulator":
      return { kind: "load", operand: 0, dtype };
    case "load":
    case "gather":
      return { ...instruction, operand: instruction.operand - 1 };
    default:
      return instruction;
  }
}
