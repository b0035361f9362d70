import { contiguousStrides, type ValueDType } from "../../../core/base/mod.ts";
import {
  type ContractKernel,
  type Expression,
  type MapKernel,
  productDType,
} from "../../ir/mod.ts";

/**
 * Writes what happens to the elements of a matrix product as an elementwise kernel, whose first
 * operand is the bare product.
 *
 * @param kernel The matrix product.
 * @returns The kernel, or `undefined` if the product is the output as it is.
 */
export function epilogueKernel(
  kernel: ContractKernel,
): MapKernel | undefined {
  const { batch, rows, columns, operands, epilogue, dtype } = kernel;
  const held = productDType(kernel)!;
  const isBare = epilogue.length === 1 && epilogue[0]!.kind === "accumulator";
  if (isBare && dtype === held) return undefined;
  const shape = [...batch, rows, columns];
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
