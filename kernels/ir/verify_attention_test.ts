import { assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import type { AttentionKernel, Kernel, Operand } from "./kernel.ts";
import { verifyKernel } from "./verify_kernel.ts";

const MATRIX: Operand = { dtype: "float32", strides: [3, 1], offset: 0 };
const INDEX: Operand = { ...MATRIX, dtype: "int32" };
const ATTENTION: AttentionKernel = {
  kind: "attention",
  role: "output",
  batch: [],
  queries: 2,
  keys: 4,
  depth: 3,
  width: 1,
  scale: 1,
  isCausal: false,
  operands: [MATRIX, MATRIX, { ...MATRIX, strides: [1, 1] }],
  dtype: "float32",
};
const MASK: Operand = { dtype: "bool", strides: [4, 1], offset: 0 };

Deno.test.each<{ name: string; kernel: Kernel; sizes: number[] }>([
  { name: "an attention", kernel: ATTENTION, sizes: [6, 12, 4] },
  {
    name: "an attention with a mask",
    kernel: { ...ATTENTION, operands: [...ATTENTION.operands, MASK] },
    sizes: [6, 12, 4, 8],
  },
])("verifyAttention() accepts $name", ({ kernel, sizes }) => {
  verifyKernel(kernel, sizes);
});

Deno.test.each<
  { name: string; kernel: Kernel; sizes: number[]; claim: string }
>([
  {
    name: "keys past the end",
    kernel: ATTENTION,
    sizes: [6, 11, 4],
    claim: "reaches 0 to 11 of 11",
  },
  {
    name: "an attention without values",
    kernel: { ...ATTENTION, operands: [MATRIX, MATRIX] },
    sizes: [6, 12],
    claim: "has all its operands",
  },
  {
    name: "an attention with whole numbers as keys",
    kernel: { ...ATTENTION, operands: ATTENTION.operands.with(1, INDEX) },
    sizes: [6, 12, 4],
    claim: "weighs float32",
  },
  {
    name: "an attention with a mask of whole numbers",
    kernel: {
      ...ATTENTION,
      operands: [...ATTENTION.operands, { ...MASK, dtype: "int32" }],
    },
    sizes: [6, 12, 4, 8],
    claim: "its mask may be bool",
  },
  {
    name: "an attention of no finite scale",
    kernel: { ...ATTENTION, scale: Infinity },
    sizes: [6, 12, 4],
    claim: "a finite scale",
  },
])("verifyAttention() refuses $name", ({ kernel, sizes, claim }) => {
  assertThrows(() => verifyKernel(kernel, sizes), InvariantError, claim);
});
