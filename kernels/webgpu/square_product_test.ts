// A product of square matrices, for tests of what runs on a device.

import type { ContractKernel } from "../ir/mod.ts";

/** The product of two matrices of that many rows and columns. */
export function squareProduct(side: number): ContractKernel {
  const operand = { dtype: "float32", strides: [side, 1], offset: 0 } as const;
  return {
    kind: "contract",
    batch: [],
    rows: side,
    columns: side,
    depth: side,
    operands: [operand, operand],
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  };
}
