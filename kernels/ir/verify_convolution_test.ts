import { assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import type { Instruction } from "./expression.ts";
import type { ConvolutionKernel } from "./kernel.ts";
import { verifyKernel } from "./verify_kernel.ts";

const SUM: Instruction = { kind: "accumulator", dtype: "float32" };

const AXIS = {
  input: 4,
  kernel: 2,
  output: 3,
  stride: 1,
  dilation: 1,
  inputDilation: 1,
  padding: 0,
};

const CONVOLUTION: ConvolutionKernel = {
  kind: "convolution",
  batch: 1,
  groups: 1,
  channels: 3,
  depth: 2,
  axes: [AXIS],
  operands: [
    { dtype: "float32", strides: [0, 0, 4, 1], offset: 0 },
    { dtype: "float32", strides: [0, 4, 2, 1], offset: 0 },
  ],
  epilogue: [SUM],
  dtype: "float32",
};

Deno.test("verifyKernel() accepts a convolution", () => {
  verifyKernel(CONVOLUTION, [8, 12]);
});

interface Refused {
  readonly name: string;
  readonly kernel: ConvolutionKernel;
  readonly sizes: readonly number[];
  readonly claim: string;
}

Deno.test.each<Refused>([
  {
    name: "a convolution of whole numbers",
    kernel: {
      ...CONVOLUTION,
      operands: [
        { ...CONVOLUTION.operands[0]!, dtype: "int32" },
        CONVOLUTION.operands[1]!,
      ],
    },
    sizes: [8, 12],
    claim: "a convolution multiplies float32",
  },
  {
    name: "images that are too small",
    kernel: CONVOLUTION,
    sizes: [7, 12],
    claim: "reaches 0 to 7 of 7",
  },
  {
    name: "weights that are too few",
    kernel: CONVOLUTION,
    sizes: [8, 11],
    claim: "reaches 0 to 11 of 11",
  },
  {
    name: "a convolution that stands still",
    kernel: { ...CONVOLUTION, axes: [{ ...AXIS, stride: 0 }] },
    sizes: [8, 12],
    claim: "steps of at least one place",
  },
  {
    name: "a convolution along no axis",
    kernel: {
      ...CONVOLUTION,
      axes: [],
      operands: CONVOLUTION.operands.map((operand) => ({
        ...operand,
        strides: operand.strides.slice(0, 3),
      })),
    },
    sizes: [8, 12],
    claim: "one to three axes",
  },
])("verifyKernel() refuses $name", ({ kernel, sizes, claim }) => {
  assertThrows(() => verifyKernel(kernel, sizes), InvariantError, claim);
});
