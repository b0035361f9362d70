import type { ContractKernel } from "../../ir/mod.ts";

/**
 * Makes batch axes part of the rows, where all their matrices are multiplied by the same one: one
 * large product instead of many small ones.
 *
 * @param kernel The matrix product.
 * @returns The same product with as few batch axes as possible.
 */
export function mergeBatch(kernel: ContractKernel): ContractKernel {
  const { batch, rows, operands, epilogue } = kernel;
  const axis = batch.length - 1;
  const [left, right, ...others] = operands;
  const isMergeable = axis >= 0 && right!.strides[axis] === 0 &&
    [left!, ...others].every(({ strides }) =>
      strides[axis] === rows * strides[axis + 1]!
    ) &&
    !epilogue.some(({ kind }) => kind === "coordinate");
  if (!isMergeable) return kernel;
  return mergeBatch({
    ...kernel,
    batch: batch.slice(0, -1),
    rows: rows * batch[axis]!,
    operands: operands.map((operand) => ({
      ...operand,
      strides: operand.strides.toSpliced(axis, 1),
    })),
  });
}
