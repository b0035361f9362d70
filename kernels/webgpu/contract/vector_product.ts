import type { ContractKernel, Operand, ReduceKernel } from "../../ir/mod.ts";
import { productDType } from "../../ir/mod.ts";

/**
 * Shows the product of a matrix and a vector as a reduction, which the invocations of a workgroup share:
 * of a tile, all but one line would be idle.
 *
 * @param kernel The product.
 * @returns The reduction; none where neither side is a vector.
 */
export function asVectorProduct(
  kernel: ContractKernel,
): ReduceKernel | undefined {
  const { batch, rows, columns, depth, operands, epilogue, dtype } = kernel;
  if (Math.min(rows, columns) !== 1) return undefined;
  const [left, right, ...others] = operands as readonly [
    Operand,
    Operand,
    ...Operand[],
  ];
  const outer = batch.length;
  const [row, alongRow] = left.strides.slice(outer) as [number, number];
  const [alongColumn, column] = right.strides.slice(outer) as [number, number];
  const held = productDType(kernel)!;
  return {
    kind: "reduce",
    shape: [...batch, rows, columns],
    over: [depth],
    combine: "add",
    operands: [
      { ...left, strides: [...left.strides.slice(0, outer), row, 0, alongRow] },
      {
        ...right,
        strides: [...right.strides.slice(0, outer), 0, column, alongColumn],
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
