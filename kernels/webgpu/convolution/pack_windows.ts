/**
 * What a blocked convolution reads, laid out by vectors: images with their zeros around and between,
 * a row of each invocation after another, and the weights of its channels side by side.
 *
 * @module
 */
import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import type {
  ConvolutionAxis,
  ConvolutionKernel,
  Operand,
} from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { loadText } from "../wgsl/elements.ts";
import { coordinateText } from "../wgsl/indices.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { VECTOR } from "../wgsl/vector_views.ts";
import { rowsRead, type WindowBlocks } from "./window_blocks.ts";

const THREADS = 256;

/** Numbers of the arrays of the kernel's own. */
export const IMAGE_SCRATCH = 0;
/** That of the weights. */
export const WEIGHT_SCRATCH = 1;

/**
 * Tells how images are laid out.
 *
 * @param kernel The convolution.
 * @param blocks How it is divided.
 * @returns Sizes of the axes: images, groups, depth, places along each axis, and vectors.
 */
export function imageSpace(
  { batch, groups, depth }: ConvolutionKernel,
  blocks: WindowBlocks,
): Shape {
  const { z, placeBlocks, imageVectors } = blocks;
  const deep = z.map(({ output, stride, kernel, dilation }) =>
    (output - 1) * stride + (kernel - 1) * dilation + 1
  );
  const rows = rowsRead(blocks);
  return [batch, groups, depth, ...deep, rows, placeBlocks, imageVectors];
}

/**
 * Tells how weights are laid out.
 *
 * @param kernel The convolution.
 * @param blocks How it is divided.
 * @returns Sizes of the axes: groups, blocks of channels, depth, rows along each axis, and vectors.
 */
export function weightSpace(
  { groups, depth }: ConvolutionKernel,
  { channelBlocks, z, y, weightVectors }: WindowBlocks,
): Shape {
  const deep = z.map(({ kernel }) => kernel);
  return [groups, channelBlocks, depth, ...deep, y.kernel, weightVectors];
}

/**
 * Writes the laying out of images.
 *
 * @param kernel The convolution.
 * @param blocks How it is divided.
 * @param slots For each operand, the number of its array.
 * @returns The dispatch.
 */
export function packImages(
  kernel: ConvolutionKernel,
  blocks: WindowBlocks,
  slots: readonly number[],
): Pass {
  const shader = new ShaderText(slots);
  const [image] = kernel.operands as readonly [Operand, ...Operand[]];
  const { z, y, x, places } = blocks;
  const space = imageSpace(kernel, blocks);
  const at = (axis: number) => coordinateText(space, axis, "vector");
  const outer = [...z, y].map((axis, i) =>
    placeInImage(axis, at(3 + i), `${i}`)
  );
  const start = [
    `${image.offset}`,
    ...[0, 1, 2].map((axis) => `${at(axis)} * ${image.strides[axis]}`),
    ...rowSteps(image, blocks).map((step, i) => `near${i} * ${step}`),
  ].join(" + ");
  const last = space.length - 1;
  const first = `${at(last - 1)} * ${places * x.stride} + ${
    at(last)
  } * ${VECTOR}`;
  const lines = [
    ...outer.flatMap(({ lines }) => lines),
    `let isRow = ${outer.map(({ isInside }) => isInside).join(" && ")};`,
    `let start = ${start};`,
    `let first = ${first};`,
  ];
  const numbers = Array.from({ length: VECTOR }, (_, i) => {
    const inRow = placeInImage(x, `first + ${i}`, `x${i}`);
    lines.push(...inRow.lines);
    const value = loadText(shader, image.dtype, {
      array: shader.operand(0),
      at: `(start + nearx${i} * ${image.strides.at(-1)})`,
    });
    return `select(0.0, ${value}, isRow && ${inRow.isInside})`;
  });
  return packPass(
    shader,
    { lines, numbers, vectors: sizeOf(space) },
    IMAGE_SCRATCH,
  );
}

/** Steps along all axes of an image or a window but the last; an axis that the kernel lacks has none. */
function rowSteps(
  { strides }: Operand,
  { z, y }: WindowBlocks,
): readonly number[] {
  const steps = strides.slice(3, -1);
  return [...z, y].map((_, i) => steps[i] ?? 0);
}

/** The nearest place of an image to one of its zeros around, and whether it is there. */
function placeInImage(
  { input, inputDilation, padding }: ConvolutionAxis,
  place: string,
  name: string,
): { readonly lines: readonly string[]; readonly isInside: string } {
  const [far, near] = [`far${name}`, `near${name}`];
  const isThere = inputDilation === 1
    ? ""
    : ` && ${far} % ${inputDilation} == 0`;
  return {
    lines: [
      `let ${far} = ${place} - (${padding});`,
      `let ${near} = clamp(${far} / ${inputDilation}, 0, ${input - 1});`,
    ],
    isInside: `${far} >= 0 && ${far} < ${
      (input - 1) * inputDilation + 1
    }${isThere}`,
  };
}

/**
 * Writes the laying out of weights.
 *
 * @param kernel The convolution.
 * @param blocks How it is divided.
 * @param slots For each operand, the number of its array.
 * @returns The dispatch.
 */
export function packWeights(
  kernel: ConvolutionKernel,
  blocks: WindowBlocks,
  slots: readonly number[],
): Pass {
  const shader = new ShaderText(slots);
  const weight = kernel.operands[1]!;
  const { x, channels, channelBlocks } = blocks;
  const space = weightSpace(kernel, blocks);
  const at = (axis: number) => coordinateText(space, axis, "vector");
  const start = [
    `${weight.offset}`,
    `${at(0)} * ${weight.strides[0]}`,
    `${at(2)} * ${weight.strides[2]}`,
    ...rowSteps(weight, blocks).map((step, i) => `${at(3 + i)} * ${step}`),
  ].join(" + ");
  const lines = [
    `let start = ${start};`,
    `let first = ${at(space.length - 1)} * ${VECTOR};`,
    `let block = ${at(1)} * ${channels};`,
  ];
  const isWhole = channels * channelBlocks === kernel.channels;
  const numbers = Array.from({ length: VECTOR }, (_, i) => {
    const [channel, k] = [
      `(block + (first + ${i}) % ${channels})`,
      `((first + ${i}) / ${channels})`,
    ];
    const value = loadText(shader, weight.dtype, {
      array: shader.operand(1),
      at: `(start + min(${channel}, ${kernel.channels - 1}) * ${
        weight.strides[1]
      } + min(${k}, ${x.kernel - 1}) * ${weight.strides.at(-1)})`,
    });
    const isThere = isWhole ? "" : ` && ${channel} < ${kernel.channels}`;
    return `select(0.0, ${value}, ${k} < ${x.kernel}${isThere})`;
  });
  return packPass(
    shader,
    { lines, numbers, vectors: sizeOf(space) },
    WEIGHT_SCRATCH,
  );
}

function packPass(
  shader: ShaderText,
  { lines, numbers, vectors }: {
    readonly lines: readonly string[];
    readonly numbers: readonly string[];
    readonly vectors: number;
  },
  place: number,
): Pass {
  const array = shader.scratchVectors(place, { isWritten: true });
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(vectors / THREADS),
    body: [
      `let vector = group * ${THREADS}u + thread;`,
      `if (vector >= ${vectors}u) { return; }`,
      ...lines,
      `${array}[vector] = bitcast<vec4<u32>>(vec4<f32>(${
        numbers.join(", ")
      }));`,
    ],
  });
}
