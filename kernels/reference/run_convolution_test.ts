import { assertEquals } from "@std/assert";
import type { ConvolutionKernel, Expression, Operand } from "../ir/mod.ts";
import { runConvolution } from "./run_convolution.ts";

const SIX = Float64Array.of(1, 2, 3, 10, 20, 30);
const SUM: Expression = [{ kind: "accumulator", dtype: "float32" }];

function view(strides: readonly number[], offset = 0): Operand {
  return { dtype: "float32", strides, offset };
}

// Expected values: by hand.
Deno.test.each<{ name: string; kernel: ConvolutionKernel; want: number[] }>([
  {
    // Windows over 0 0 1 0 2 0 3, two places apart, of weights two places apart.
    name: "stretched images and windows, padded",
    kernel: {
      kind: "convolution",
      batch: 1,
      groups: 1,
      channels: 1,
      depth: 1,
      axes: [
        {
          input: 3,
          kernel: 2,
          output: 3,
          stride: 2,
          dilation: 2,
          inputDilation: 2,
          padding: 2,
        },
      ],
      operands: [view([0, 0, 0, 1]), view([0, 0, 0, 1], 3)],
      epilogue: SUM,
      dtype: "float32",
    },
    want: [20, 50, 80],
  },
  {
    name: "channels, groups and cut places",
    kernel: {
      kind: "convolution",
      batch: 1,
      groups: 2,
      channels: 1,
      depth: 1,
      axes: [
        {
          input: 3,
          kernel: 2,
          output: 1,
          stride: 1,
          dilation: 1,
          inputDilation: 1,
          padding: -1,
        },
      ],
      operands: [view([0, 3, 0, 1]), view([0, 0, 0, 1])],
      epilogue: SUM,
      dtype: "float32",
    },
    want: [8, 80],
  },
])("runConvolution() of $name", ({ kernel, want }) => {
  const output = new Float64Array(want.length);
  runConvolution(kernel, [SIX, SIX], output);
  assertEquals([...output], want);
});
