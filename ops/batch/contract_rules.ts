/**
 * How products are computed for many examples at once.
 *
 * @module
 */
import { type Shape, sizeOf } from "../../core/base/mod.ts";
import type { ConvolutionAxis } from "../../kernels/ir/mod.ts";
import { convolution } from "../builtin/convolution.ts";
import { matmul } from "../builtin/matmul.ts";
import { permute, swapLastAxes } from "../builtin/permute.ts";
import { reshape } from "../builtin/reshape.ts";
import type { Node } from "../graph/node.ts";
import {
  alignedInput,
  type BatchCall,
  batchShape,
  exampleInput,
} from "./batch_call.ts";

/**
 * Matrix products. Where examples share a matrix, theirs are laid below each other, to be one product.
 *
 * @param call The call for one example.
 * @returns The products, along axis 0.
 */
export function batchContract(call: BatchCall): Node {
  const { node, batched: [lefts, rights], size } = call;
  const [left, right] = [exampleInput(call, 0), exampleInput(call, 1)];
  const [a, b] = [left.type.shape, right.type.shape];
  const output = batchShape(call, node.type.shape);
  if (lefts && !rights && b.length <= 2) {
    const rows = reshape(lefts, [size * sizeOf(a.slice(0, -1)), a.at(-1)!]);
    return reshape(matmul(rows, right), output);
  }
  if (rights && !lefts && b.length === 1 && a.length <= 2) {
    // Vectors as rows: (A x)ᵀ = xᵀ Aᵀ.
    const columns = a.length === 2 ? swapLastAxes(left) : left;
    return reshape(matmul(rights, columns), output);
  }
  const rank = Math.max(2, a.length, b.length);
  const products = matmul(
    alignedInput(asMatrix(call, 0), 0, rank),
    alignedInput(asMatrix(call, 1), 1, rank),
  );
  return reshape(products, output);
}

/** A call whose input is a matrix, where it is a vector: a row on the left, a column on the right. */
function asMatrix(call: BatchCall, place: 0 | 1): BatchCall {
  const { node, batched } = call;
  const input = exampleInput(call, place);
  const { shape } = input.type;
  if (shape.length > 1) return call;
  const matrix = place === 0 ? [1, ...shape] : [...shape, 1];
  const all = batched[place];
  return {
    ...call,
    node: {
      ...node,
      inputs: node.inputs.with(place, reshape(input, matrix)),
    },
    batched: batched.with(
      place,
      all && reshape(all, batchShape(call, matrix)),
    ),
  };
}

/**
 * Convolutions. Examples become images where they share the weights, output channels where they share
 * the images, and groups where they share nothing.
 *
 * @param call The call for one example.
 * @param axes What happens along each axis of the images.
 * @returns The sums, along axis 0.
 */
export function batchConvolution(
  call: BatchCall,
  axes: readonly ConvolutionAxis[],
): Node {
  const { node, batched: [images, weights], size } = call;
  const [x, weight] = [exampleInput(call, 0), exampleInput(call, 1)];
  const [n, g] = x.type.shape as [number, number];
  const o = weight.type.shape[1]!;
  const out = node.type.shape.slice(3);
  const run = (x: Node, weight: Node) =>
    convolution(x, weight, settingsOf(x, weight, axes));
  if (images && !weights) {
    const merged = mergeAxes(images, 0);
    return reshape(run(merged, weight), [size, n, g, o, ...out]);
  }
  if (weights && !images) {
    // From [size, g, o, ...] to [g, size o, ...].
    const merged = mergeAxes(moveFront(weights, 1), 1);
    const sums = reshape(run(x, merged), [n, g, size, o, ...out]);
    return moveFront(sums, 2);
  }
  // From [size, n, g, ...] to [n, size g, ...].
  const merged = mergeAxes(moveFront(images!, 1), 1);
  const sums = run(merged, mergeAxes(weights!, 0));
  return moveFront(reshape(sums, [n, size, g, o, ...out]), 1);
}

/** Settings that give as many places as for one example. */
function settingsOf(
  x: Node,
  weight: Node,
  axes: readonly ConvolutionAxis[],
): Parameters<typeof convolution>[2] {
  return {
    stride: axes.map(({ stride }) => stride),
    dilation: axes.map(({ dilation }) => dilation),
    inputDilation: axes.map(({ inputDilation }) => inputDilation),
    padding: axes.flatMap((axis, i) => {
      const { output, stride, dilation, inputDilation, padding } = axis;
      const places = (x.type.shape[3 + i]! - 1) * inputDilation + 1;
      const reach = (output - 1) * stride + 1 +
        (weight.type.shape[3 + i]! - 1) * dilation;
      return [padding, reach - padding - places];
    }),
  };
}

/** Makes one axis of an axis and the one behind it. */
function mergeAxes(x: Node, axis: number): Node {
  const { shape } = x.type;
  const merged: Shape = [
    ...shape.slice(0, axis),
    shape[axis]! * shape[axis + 1]!,
    ...shape.slice(axis + 2),
  ];
  return reshape(x, merged);
}

/** Brings an axis to the front. */
function moveFront(x: Node, axis: number): Node {
  const axes = x.type.shape.map((_, i) => i);
  return permute(x, [axis, ...axes.toSpliced(axis, 1)]);
}
