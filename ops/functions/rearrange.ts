/**
 * Other arrangements of the same elements, beside the methods of `Tensor`.
 *
 * @module
 */
import {
  invalidOption,
  optionsOf,
  resolveAxis,
  type Shape,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { REARRANGE_OPERATORS } from "../builtin/rearrange.ts";
import { concat } from "../join_tensors.ts";
import type { Attributes, Operator } from "../graph/node.ts";
import { Tensor, toNode, toNodes } from "../tensor.ts";
import { type TunedFunction, tunedFunction } from "./call.ts";

/** Options of {@linkcode rot90}. */
export interface Rot90Options {
  /**
   * How many quarter turns.
   *
   * @default {1}
   */
  readonly times?: number;
  /**
   * The axis that is turned from.
   *
   * @default {0}
   */
  readonly axis1?: number;
  /**
   * The axis that is turned to.
   *
   * @default {1}
   */
  readonly axis2?: number;
}

/** Options of {@linkcode meshgrid}. */
export interface MeshgridOptions {
  /**
   * Whether the first tensor runs along rows of the output, as matrices are indexed, or along its
   * columns, as points are.
   *
   * @default {"ij"}
   */
  readonly indexing?: "ij" | "xy";
}

/** Quarter turns of two axes, from the first to the second. */
export const rot90: TunedFunction<Rot90Options> = tunedFunction(
  REARRANGE_OPERATORS.rot90,
);

/**
 * Repeats elements by broadcasting to a larger shape; see `Tensor.expand`.
 *
 * @param x The tensor.
 * @param shape The shape.
 * @returns The tensor of that shape.
 * @throws {ShapeError} `SHAPE_MISMATCH` if it does not broadcast to it.
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return new Tensor(toNode("broadcastTo", x)).expand(shape);
}

/**
 * Makes one axis of several neighbours.
 *
 * @param x The tensor; a scalar becomes a vector.
 * @param start The first of them.
 * @param end The last of them.
 * @returns The same elements in fewer axes.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the last is before the first.
 */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  return call(REARRANGE_OPERATORS.flatten, x, { start, end });
}

/**
 * Lists all elements row by row; see {@linkcode flatten}.
 *
 * @param x The tensor.
 * @returns A vector.
 */
export function ravel(x: Tensor): Tensor {
  return flatten(x);
}

/**
 * Makes several axes of one.
 *
 * @param x The tensor.
 * @param axis The axis.
 * @param sizes Sizes of the new axes; one may be -1.
 * @returns The same elements in more axes.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the sizes do not multiply to that of the axis.
 */
export function unflatten(x: Tensor, axis: number, sizes: Shape): Tensor {
  return call(REARRANGE_OPERATORS.unflatten, x, { axis, sizes });
}

/**
 * Moves axes to other places; the others keep their order.
 *
 * @param x The tensor.
 * @param source The axes.
 * @param destination Where each goes.
 * @returns The same elements with other axes.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis or place.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if there are not as many axes as places, or one twice.
 */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  return call(REARRANGE_OPERATORS.movedim, x, {
    source: listOf(source),
    destination: listOf(destination),
  });
}

/**
 * Swaps two axes.
 *
 * @param x The tensor.
 * @param axis1 One axis.
 * @param axis2 The other.
 * @returns The same elements with the axes in each other's place.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function swapaxes(x: Tensor, axis1: number, axis2: number): Tensor {
  return call(REARRANGE_OPERATORS.swapaxes, x, { axis1, axis2 });
}

/**
 * Moves elements further on along axes; those at the end come first.
 *
 * @example Once around
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { roll, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await roll(tensor([1, 2, 3, 4]), 1).array(), [4, 1, 2, 3]);
 * ```
 *
 * @param x The tensor.
 * @param shifts How far, along each axis; negative numbers move back.
 * @param axes The axes; all elements in one line if left out.
 * @returns The moved elements.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if there is not one shift for each axis.
 */
export function roll(
  x: Tensor,
  shifts: number | readonly number[],
  axes?: number | readonly number[],
): Tensor {
  return call(REARRANGE_OPERATORS.roll, x, {
    shifts: listOf(shifts),
    axes: axes ?? null,
  });
}

/**
 * Repeats the whole tensor along axes, as PyTorch's `repeat` and `tile` do.
 *
 * @param x The tensor.
 * @param repeats How often, for each of the last axes; new axes come first.
 * @returns The larger tensor.
 * @throws {ShapeError} `SHAPE_INVALID` if a number is negative.
 */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  return call(REARRANGE_OPERATORS.tile, x, { repeats });
}

/**
 * Repeats each element along an axis, one after another, as NumPy's `repeat` does.
 *
 * @param x The tensor.
 * @param repeats How often.
 * @param axis The axis.
 * @returns The larger tensor.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if the number is negative.
 */
export function repeatInterleave(
  x: Tensor,
  repeats: number,
  axis = -1,
): Tensor {
  return call(REARRANGE_OPERATORS.repeatInterleave, x, { repeats, axis });
}

/**
 * Takes the element that an index points at along one axis; the other axes broadcast.
 *
 * @param x Where to take from.
 * @param index What to take, `int32`, with as many axes.
 * @param axis The axis.
 * @returns The elements.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not fit, `AXIS_RANGE` if there is no such axis.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the index is not `int32`.
 */
export function takeAlongAxis(x: Tensor, index: Tensor, axis = -1): Tensor {
  const nodes = [x, index].map((input) => toNode("takeAlongAxis", input));
  return new Tensor(apply(REARRANGE_OPERATORS.takeAlongAxis, nodes, { axis }));
}

/**
 * Makes finer images of channels: `[..., c r², h, w] -> [..., c, h r, w r]`.
 *
 * @param x The images.
 * @param factor How much finer, r.
 * @returns The finer images.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the channels are not divisible by the factor's square.
 */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  return call(REARRANGE_OPERATORS.pixelShuffle, x, { factor });
}

/**
 * Makes channels of images: `[..., c, h r, w r] -> [..., c r², h, w]`.
 *
 * @param x The images.
 * @param factor How much coarser they become, r.
 * @returns The coarser images.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the images are not divisible by the factor.
 */
export function pixelUnshuffle(x: Tensor, factor: number): Tensor {
  return call(REARRANGE_OPERATORS.pixelUnshuffle, x, { factor });
}

/**
 * Cuts a tensor into at most so many parts along an axis, all of one size but the last.
 *
 * @param x The tensor, whose shape is known.
 * @param chunks How many parts.
 * @param axis The axis.
 * @returns The parts.
 * @throws {OptionError} `INVALID_OPTION` if the number is not a whole one from 1.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function chunk(x: Tensor, chunks: number, axis = 0): Tensor[] {
  const tensor = new Tensor(toNode("chunk", x));
  if (!Number.isSafeInteger(chunks) || chunks < 1) {
    throw invalidOption("chunks of chunk", chunks, "a whole number from 1");
  }
  const size = tensor.shape[resolveAxis("chunk", axis, tensor.shape)]!;
  const each = Math.max(1, Math.ceil(size / chunks));
  const sizes = Array.from(
    { length: Math.max(1, Math.ceil(size / each)) },
    (_, i) => Math.min(each, size - i * each),
  );
  return tensor.split(sizes, axis);
}

/**
 * Joins tensors beside each other: along the second axis, vectors along their only one.
 *
 * @param tensors The tensors, at least one; scalars count as vectors.
 * @returns The joined tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if other sizes differ.
 * @throws {OptionError} `INVALID_OPTION` if `tensors` is no list of tensors.
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = atLeast("hstack", tensors, 1);
  return concat(parts, parts[0]?.rank === 1 ? 0 : 1);
}

/**
 * Joins tensors below each other: along the first axis, vectors as rows.
 *
 * @param tensors The tensors, at least one; vectors count as rows.
 * @returns The joined tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if other sizes differ.
 * @throws {OptionError} `INVALID_OPTION` if `tensors` is no list of tensors.
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return concat(atLeast("vstack", tensors, 2), 0);
}

/**
 * Makes the coordinates of a grid: for each vector its elements along one axis, the same along all
 * others.
 *
 * @param tensors The vectors.
 * @param options Which axis is whose.
 * @returns As many tensors, of one shape.
 * @throws {OptionError} `INVALID_OPTION` if one is no vector, or the indexing unknown.
 */
export function meshgrid(
  tensors: readonly Tensor[],
  options?: MeshgridOptions,
): Tensor[] {
  const { indexing = "ij" } = optionsOf<MeshgridOptions>("meshgrid", options);
  if (indexing !== "ij" && indexing !== "xy") {
    throw invalidOption("indexing of meshgrid", indexing, '"ij" or "xy"');
  }
  const vectors = toNodes("meshgrid", tensors).map((node) => new Tensor(node));
  const found = vectors.find(({ rank }) => rank !== 1);
  if (found) {
    throw invalidOption("an input of meshgrid", `[${found.shape}]`, "a vector");
  }
  const order = [...vectors.keys()];
  if (indexing === "xy" && order.length > 1) order.splice(0, 2, 1, 0);
  const shape = order.map((i) => vectors[i]!.size);
  return vectors.map((vector, i) =>
    vector.reshape(order.map((j) => j === i ? vector.size : 1)).expand(shape)
  );
}

/** Tensors with so many axes at least: new ones come first. */
function atLeast(
  name: string,
  tensors: readonly Tensor[],
  rank: number,
): Tensor[] {
  return toNodes(name, tensors).map((node) => {
    const tensor = new Tensor(node);
    const missing = Math.max(0, rank - tensor.rank);
    return missing === 0 ? tensor : tensor.reshape([
      ...new Array<number>(missing).fill(1),
      ...tensor.shape,
    ]);
  });
}

function listOf(numbers: number | readonly number[]): readonly number[] {
  return typeof numbers === "number" ? [numbers] : numbers;
}

function call(operator: Operator, x: Tensor, attributes: Attributes): Tensor {
  return new Tensor(apply(operator, [toNode(operator.name, x)], attributes));
}
