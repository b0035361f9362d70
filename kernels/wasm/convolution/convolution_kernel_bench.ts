import { contiguousStrides, sizeOf } from "../../../core/base/mod.ts";
import {
  type ConvolutionAxis,
  type ConvolutionKernel,
  outputShape,
} from "../../ir/mod.ts";
import {
  type SquareConvolution,
  squareConvolution,
} from "../../ir/square_convolution_test.ts";
import { createWasmBackend } from "../mod.ts";

const backend = createWasmBackend({ memoryBytes: 2 ** 28 });

interface Layer extends SquareConvolution {
  readonly name: string;
}

/** A convolution of square images, padded so that stride 1 keeps their size. */
function convolution({ name: _, ...layer }: Layer): ConvolutionKernel {
  return squareConvolution({ ...layer, padding: (layer.kernel - 1) / 2 });
}

/** The gradient of its weights, as the derivative writes it. */
function weightGradient(layer: Layer): ConvolutionKernel {
  const forward = convolution(layer);
  const { batch, groups, channels, depth, axes } = forward;
  const [along] = axes;
  const { input, output, kernel, stride } = along!;
  const [n, g, c, ...places] = contiguousStrides([
    batch,
    groups,
    depth,
    input,
    input,
  ]);
  const [m, h, o, ...windows] = contiguousStrides([
    batch,
    groups,
    channels,
    output,
    output,
  ]);
  const turned: ConvolutionAxis = {
    ...along!,
    kernel: output,
    output: kernel,
    stride: 1,
    dilation: stride,
  };
  return {
    ...forward,
    batch: depth,
    depth: batch,
    axes: [turned, turned],
    operands: [[c!, g!, n!, ...places], [h!, o!, m!, ...windows]].map(
      (strides) => ({ dtype: "float32", strides, offset: 0 }),
    ),
  };
}

const LAYERS: readonly Layer[] = [
  // 231 MFLOP an image; 1.85 GFLOP for eight.
  {
    name: "3x3, 64 to 64, 56x56, b1",
    sizes: [1, 1, 64, 64],
    input: 56,
    kernel: 3,
  },
  {
    name: "3x3, 64 to 64, 56x56, b8",
    sizes: [8, 1, 64, 64],
    input: 56,
    kernel: 3,
  },
  {
    name: "3x3, 64 to 64, 56x56, b8, stride 2",
    sizes: [8, 1, 64, 64],
    input: 56,
    kernel: 3,
    stride: 2,
  },
  {
    name: "1x1, 64 to 64, 56x56, b8",
    sizes: [8, 1, 64, 64],
    input: 56,
    kernel: 1,
  },
  // 28.9 MFLOP.
  {
    name: "depthwise 3x3, 64, 56x56, b8",
    sizes: [8, 64, 1, 1],
    input: 56,
    kernel: 3,
  },
  {
    name: "5x5, 1 to 16, 28x28, b64",
    sizes: [64, 1, 16, 1],
    input: 28,
    kernel: 5,
  },
  {
    name: "5x5, 16 to 32, 14x14, b64",
    sizes: [64, 1, 32, 16],
    input: 14,
    kernel: 5,
  },
];

for (const layer of LAYERS) {
  const kernels = {
    output: convolution(layer),
    "gradient of weights": weightGradient(layer),
  };
  for (const [what, kernel] of Object.entries(kernels)) {
    const { batch, groups, channels, depth, axes } = kernel;
    const spaces = [
      [batch, groups, depth, ...axes.map(({ input }) => input)],
      [groups, channels, depth, ...axes.map((axis) => axis.kernel)],
      outputShape(kernel),
    ];
    const specs = spaces.map((space) => ({
      dtype: "float32",
      size: sizeOf(space),
    } as const));
    const buffers = specs.map((spec) => {
      const buffer = backend.allocate(spec);
      backend.write(
        buffer,
        Float32Array.from({ length: spec.size }, () => Math.random() - 0.5),
      );
      return buffer;
    });
    const program = await backend.compile({
      inputs: specs.slice(0, 2),
      outputs: specs.slice(2),
      temporaries: [],
      steps: [{ kernel, inputs: [0, 1], output: 2 }],
    });
    Deno.bench({
      name: `convolutionKernel() ${layer.name}: ${what}`,
      group: `convolution ${layer.name}`,
      fn() {
        program.run(buffers.slice(0, 2), buffers.slice(2));
      },
    });
  }
}
