import { contiguousStrides } from "../../../core/base/mod.ts";
import type { ContractKernel, Expression, MapKernel } from "../../ir/mod.ts";

/**
 * Writes what happens to the elements of a matrix product as an elementwise kernel, whose first
 * operand is the bare product.
 *
 * @param kernel The matrix product.
 * @returns The kernel, or `undefined` if the product is the output as it is.
 */
export function epilogueKernel(
  { batch, rows, columns, operands, epilogue, dtype }: ContractKernel,
): MapKernel | undefined {
  if (epilogue.length === 1 && epilogue[0]!.kind === "accumulator") {
    return undefined;
  }
  const shape = [...batch, rows, columns];
  const product = {
    dtype: "float32",
    strides: contiguousStrides(shape),
    offset: 0,
  } as const;
  return {
    kind: "map",
    shape,
    operands: [product, ...operands.slice(2)],
    body: epilogue.map(fromProduct),
    dtype,
  };
}

/** The accumulator becomes operand 0, and operand 2, the first behind both matrices, operand 1. */
function fromProduct(instruction: Expression[number]): Expression[number] {
  switch (instruction.kind) {
    case "accumulator":
      return { kind: "load", operand: 0, dtype: "float32" };
    case "load":
    case "gather":
      return { ...instruction, operand: instruction.operand - 1 };
    default:
      return instruction;
  }
}
