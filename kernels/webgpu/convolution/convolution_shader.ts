import { contiguousStrides, sizeOf } from "../../../core/base/mod.ts";
import type { ConvolutionKernel, Operand } from "../../ir/mod.ts";
import { outputShape } from "../../ir/mod.ts";
import { addParts } from "../contract/split_depth.ts";
import { planProduct, writeProduct } from "../contract/write_product.ts";
import type { GpuKernel, GpuTraits, Pass } from "../gpu_kernel.ts";
import { writeReducePass } from "../reduce/reduce_pass.ts";
import { loadText } from "../wgsl/elements.ts";
import { coordinateText } from "../wgsl/indices.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { isWord, VECTOR } from "../wgsl/vector_views.ts";
import { storeValue } from "../wgsl/write_value.ts";
import { SUM_SCRATCH, sumBlocks } from "./blocked_windows.ts";
import {
  imageSpace,
  packImages,
  packWeights,
  weightSpace,
} from "./pack_windows.ts";
import { blockWindows, type WindowBlocks } from "./window_blocks.ts";

/** With fewer channels in a group a tile of a product would be mostly empty. */
const CHANNELS_MIN = 8;
/** With fewer multiply-adds it takes longer to compile blocks than to do without. */
const BLOCKED_MIN = 2 ** 16;
/** Instructions that are written out for what becomes of the sums of a block. */
const FINISHED_MAX = 1024;

/**
 * Compiles a convolution: where there are channels enough as a product of weights and windows, which
 * are not written out but read where they lie; else each invocation sums up a window of its own.
 *
 * Numerics: a sum runs in `float32`, in order of depth and place in the window.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileConvolution(
  kernel: ConvolutionKernel,
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  const blocked = traits.variant === "alone"
    ? compileBlocked(kernel, slots, traits)
    : undefined;
  if (blocked) return blocked;
  if (kernel.channels >= CHANNELS_MIN) {
    return multiplyWindows(kernel, slots, traits);
  }
  const shader = new ShaderText(slots);
  const output = new OutputArray(kernel.dtype, sizeOf(outputShape(kernel)), 0);
  addFunctions(shader, kernel);
  return {
    passes: [sumWindows(shader, kernel, output), ...output.lastPasses],
    scratchBytes: output.scratchBytes,
  };
}

/**
 * For a software device, where reading costs most: images and weights are laid out by vectors, then each
 * invocation sums up a block of windows. Where too few invocations would have too much to do, or what is
 * left to do is long, the sums are kept, and another dispatch finishes them. None where there is little
 * to do, windows are too wide, or what is laid out is larger than the device binds.
 */
function compileBlocked(
  kernel: ConvolutionKernel,
  slots: readonly number[],
  { bindingBytes }: GpuTraits,
): GpuKernel | undefined {
  const { depth, axes, epilogue, dtype } = kernel;
  const size = sizeOf(outputShape(kernel));
  const products = size * depth * sizeOf(axes.map((axis) => axis.kernel));
  const blocks = products < BLOCKED_MIN ? undefined : blockWindows(kernel);
  if (!blocks) return undefined;
  const sums = blocks.channels * blocks.rows * blocks.places;
  const isPartial = blocks.parts > 1 || !isWord(dtype) ||
    sums * epilogue.length > FINISHED_MAX;
  const output = new OutputArray(dtype, size, SUM_SCRATCH + 1);
  const scratchBytes = [
    4 * VECTOR * sizeOf(imageSpace(kernel, blocks)),
    4 * VECTOR * sizeOf(weightSpace(kernel, blocks)),
    ...isPartial ? [4 * blocks.parts * size, ...output.scratchBytes] : [],
  ];
  if (scratchBytes.some((bytes) => bytes > bindingBytes)) return undefined;
  return {
    passes: [
      packImages(kernel, blocks, slots),
      packWeights(kernel, blocks, slots),
      sumBlocks(kernel, blocks, { slots, isPartial }),
      ...isPartial
        ? [finishSums(kernel, blocks, { slots, output }), ...output.lastPasses]
        : [],
    ],
    scratchBytes,
  };
}

/** Adds what parts have summed up, and hands it over. */
function finishSums(
  kernel: ConvolutionKernel,
  { parts }: WindowBlocks,
  { slots, output }: {
    readonly slots: readonly number[];
    readonly output: OutputArray;
  },
): Pass {
  const shader = new ShaderText(slots);
  return addParts(shader, {
    results: sizeOf(outputShape(kernel)),
    parts,
    scratch: SUM_SCRATCH,
    dtype: "float32",
    finish: (place, accumulator) =>
      finishElement(shader, kernel, { output, place, accumulator }),
  });
}

/**
 * Adds the functions `weight(group, channel, k)` and `pixel(group, k, column)`: k is a place in a
 * window, depth first, and a column is a window, image first.
 */
function addFunctions(shader: ShaderText, kernel: ConvolutionKernel): void {
  const { axes, depth, operands } = kernel;
  const [image, weight] = operands as readonly [Operand, Operand, ...Operand[]];
  const window = [depth, ...axes.map((axis) => axis.kernel)];
  const windows = [kernel.batch, ...axes.map((axis) => axis.output)];
  const inWindow = (axis: number) => coordinateText(window, axis, "k");
  const ofWindow = (axis: number) => coordinateText(windows, axis, "column");
  const weightAt = [
    `${weight.offset} + i32(group) * ${weight.strides[0]} + i32(channel) * ${
      weight.strides[1]
    }`,
    ...window.map((_, axis) =>
      `${inWindow(axis)} * ${weight.strides[2 + axis]}`
    ),
  ].join(" + ");
  shader.function(`fn weight(group: u32, channel: u32, k: u32) -> f32 {
  return ${
    loadText(shader, weight.dtype, {
      array: shader.operand(1),
      at: `(${weightAt})`,
    })
  };
}`);
  const start = `${image.offset} + ${ofWindow(0)} * ${
    image.strides[0]
  } + i32(group) * ${image.strides[1]} + ${inWindow(0)} * ${image.strides[2]}`;
  const lines = axes.flatMap((axis, a) => {
    const { stride, dilation, padding, inputDilation, input } = axis;
    return [
      `let p${a} = ${ofWindow(1 + a)} * ${stride} + ${
        inWindow(1 + a)
      } * ${dilation} - (${padding});`,
      `let q${a} = p${a} / ${inputDilation};`,
      `if (p${a} < 0 || q${a} * ${inputDilation} != p${a} || q${a} >= ${input}) { return 0.0; }`,
    ];
  });
  const at = [
    start,
    ...axes.map((_, a) => `q${a} * ${image.strides[3 + a]}`),
  ].join(" + ");
  shader.function(`fn pixel(group: u32, k: u32, column: u32) -> f32 {
${lines.join("\n")}
  return ${
    loadText(shader, image.dtype, {
      array: shader.operand(0),
      at: `(${at})`,
    })
  };
}`);
}

/** Writes what becomes of a sum, given the number of its element. */
function finishElement(
  shader: ShaderText,
  kernel: ConvolutionKernel,
  { output, place, accumulator }: {
    readonly output: OutputArray;
    readonly place: string;
    readonly accumulator: string;
  },
): readonly string[] {
  const space = outputShape(kernel);
  const parts = [{ space, place }];
  const scope = { ...scopeAt(shader, kernel.operands, parts), accumulator };
  return storeValue(shader, kernel.epilogue, { scope, output, place });
}

/** As a product of weights and of windows that are read where they lie (implicit GEMM). */
function multiplyWindows(
  kernel: ConvolutionKernel,
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  const { batch, groups, channels, depth, axes } = kernel;
  const places = sizeOf(axes.map((axis) => axis.output));
  const sizes = {
    batches: groups,
    rows: channels,
    columns: batch * places,
    depth: depth * sizeOf(axes.map((axis) => axis.kernel)),
  };
  const plan = planProduct(sizes, traits);
  const isSplit = plan.parts > 1;
  const size = sizeOf(outputShape(kernel));
  const output = new OutputArray(kernel.dtype, size, isSplit ? 1 : 0);
  const shader = new ShaderText(slots);
  addFunctions(shader, kernel);
  const { passes, scratchBytes } = writeProduct(shader, {
    ...sizes,
    dtype: "float32",
    left: {
      runsAlongDepth: true,
      load: (row, column) => `weight(batch, ${row}, ${column})`,
    },
    right: {
      runsAlongDepth: false,
      load: (row, column) => `pixel(batch, ${row}, ${column})`,
    },
    elementAt: (row, column) =>
      `((${column} / ${places}u * ${groups}u + batch) * ${channels}u + ${row}) * ${places}u + ${column} % ${places}u`,
  }, {
    slots,
    plan,
    scratch: 0,
    finish: (shader, place, accumulator) =>
      finishElement(shader, kernel, { output, place, accumulator }),
  });
  return {
    passes: [...passes, ...output.lastPasses],
    scratchBytes: [...scratchBytes, ...output.scratchBytes],
  };
}

function sumWindows(
  shader: ShaderText,
  kernel: ConvolutionKernel,
  output: OutputArray,
): Pass {
  const { groups, channels, depth, axes } = kernel;
  const places = sizeOf(axes.map((axis) => axis.output));
  const [imageStep, groupStep] = contiguousStrides([
    1,
    groups,
    channels * places,
  ]);
  return writeReducePass(shader, {
    results: sizeOf(outputShape(kernel)),
    length: depth * sizeOf(axes.map((axis) => axis.kernel)),
    layout: { results: 256, lanes: 1, parts: 1 },
    combine: "add",
    dtype: "float32",
    valueAt: (result, place) => {
      const group = `${result} / ${groupStep}u % ${groups}u`;
      const channel = `${result} / ${places}u % ${channels}u`;
      const column =
        `${result} / ${imageStep}u * ${places}u + ${result} % ${places}u`;
      const product = shader.fresh("t");
      return {
        lines: [
          `let ${product} = weight(${group}, ${channel}, ${place}) * pixel(${group}, ${place}, ${column});`,
        ],
        result: product,
      };
    },
    finish: (result, _, accumulator) =>
      finishElement(shader, kernel, { output, place: result, accumulator }),
  });
}
