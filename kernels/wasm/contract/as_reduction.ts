import {
  type ContractKernel,
  productDType,
  type ReduceKernel,
} from "../../ir/mod.ts";

/**
 * Writes a matrix product as a reduction over the depth, which is better for products with a vector
 * or with few rows or columns: nothing would be read twice, so nothing is gained by packing.
 *
 * @param kernel The matrix product.
 * @returns The reduction.
 */
export function asReduction(kernel: ContractKernel): ReduceKernel {
  const { batch, rows, columns, depth, operands, epilogue, dtype } = kernel;
  const [left, right, ...others] = operands;
  const rank = batch.length;
  const held = productDType(kernel)!;
  return {
    kind: "reduce",
    shape: [...batch, rows, columns],
    over: [depth],
    combine: "add",
    operands: [
      { ...left!, strides: left!.strides.toSpliced(rank + 1, 0, 0) },
      {
        ...right!,
        strides: [
          ...right!.strides.slice(0, rank),
          0,
          right!.strides[rank + 1]!,
          right!.strides[rank]!,
        ],
      },
      ...others,
    ],
    body: [
      { kind: "load", operand: 0, dtype: held },
      { kind: "load", operand: 1, dtype: held },
      { kind: "binary", fn: "mul", left: 0, right: 1, dtype: held },
    ],
    epilogue,
    dtype,
  };
}
