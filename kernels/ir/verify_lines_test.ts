/** Kernels that run along an axis or put it in order, well formed or not. */
import { assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import type { Instruction } from "./expression.ts";
import type { Kernel, Operand, ScanKernel, SortKernel } from "./kernel.ts";
import { verifyKernel } from "./verify_kernel.ts";

const MATRIX: Operand = { dtype: "float32", strides: [3, 1], offset: 0 };
const LOAD: Instruction = { kind: "load", operand: 0, dtype: "float32" };

const SCAN: ScanKernel = {
  kind: "scan",
  shape: [2, 3],
  axis: 1,
  combine: "add",
  isReverse: false,
  isExclusive: false,
  operands: [MATRIX],
  body: [LOAD],
  dtype: "float32",
};

const SORT: SortKernel = {
  kind: "sort",
  shape: [2, 3],
  axis: 1,
  count: 2,
  isDescending: false,
  result: "values",
  operands: [MATRIX],
  dtype: "float32",
};

Deno.test("verifyKernel() accepts scans and sorts", () => {
  verifyKernel(SCAN, [6]);
  verifyKernel(SORT, [6]);
});

Deno.test.each<
  { name: string; kernel: Kernel; sizes: number[]; claim: string }
>([
  {
    name: "a scan that reaches outside its array",
    kernel: SCAN,
    sizes: [5],
    claim: "reaches 0 to 5 of 5",
  },
  {
    name: "a scan along an axis that is not there",
    kernel: { ...SCAN, axis: 2 },
    sizes: [6],
    claim: "a scan combines numbers along an axis",
  },
  {
    name: "a scan of truth values",
    kernel: {
      ...SCAN,
      operands: [{ ...MATRIX, dtype: "bool" }],
      body: [{ ...LOAD, dtype: "bool" }],
      dtype: "bool",
    },
    sizes: [6],
    claim: "a scan combines numbers along an axis",
  },
  {
    name: "a scan into another dtype than it combines",
    kernel: { ...SCAN, dtype: "int32" },
    sizes: [6],
    claim: "has the output's dtype",
  },
  {
    name: "a sort that reaches outside its array",
    kernel: SORT,
    sizes: [5],
    claim: "reaches 0 to 5 of 5",
  },
  {
    name: "a sort along an axis that is not there",
    kernel: { ...SORT, axis: -1 },
    sizes: [6],
    claim: "a sort puts numbers in order along an axis",
  },
  {
    name: "a sort of truth values",
    kernel: {
      ...SORT,
      operands: [{ ...MATRIX, dtype: "bool" }],
      dtype: "bool",
    },
    sizes: [6],
    claim: "a sort puts numbers in order along an axis",
  },
  {
    name: "a sort that gives more than there is",
    kernel: { ...SORT, count: 4 },
    sizes: [6],
    claim: "as many elements as a line has",
  },
  {
    name: "a sort whose places are fractions",
    kernel: { ...SORT, result: "indices" },
    sizes: [6],
    claim: "or their places",
  },
])("verifyKernel() refuses $name", ({ kernel, sizes, claim }) => {
  assertThrows(() => verifyKernel(kernel, sizes), InvariantError, claim);
});
