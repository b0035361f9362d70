/**
 * Products of tensors beyond `matmul`.
 *
 * @module
 */
import {
  invalidOption,
  optionsOf,
  resolveAxis,
  shapeMismatch,
} from "../../core/base/mod.ts";
import {
  dot as dotNodes,
  tensordot as tensordotNodes,
} from "../builtin/tensordot.ts";
import { einsum as einsumNodes } from "../builtin/einsum.ts";
import { kron as kronNodes } from "../builtin/kron.ts";
import { mul } from "../builtin/binary.ts";
import { reshape } from "../builtin/reshape.ts";
import type { Node } from "../graph/node.ts";
import { Tensor, toNode, toNodes } from "../tensor.ts";
import { roll } from "./rearrange.ts";

/**
 * Sums products in Einstein's notation: a letter names an axis of each operand that has it, and what is
 * not in the output is added up.
 *
 * Without an arrow, the output has the axes under `...`, then the letters named once, in alphabetical
 * order. A letter twice in one operand means its diagonal. Axes of size 1 broadcast.
 *
 * **Cost**: operands are multiplied two at a time, in the order that takes the fewest multiplications,
 * each time as one batched matrix product where there is one.
 *
 * **Source**: NumPy `einsum`; PyTorch `torch.einsum`.
 *
 * @example A product of matrices, a trace, and distances in a batch
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { einsum, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * assertEquals(await einsum("ij,jk->ik", x, x).array(), [[7, 10], [15, 22]]);
 * assertEquals(await einsum("ii", x).item(), 5);
 * assertEquals(await einsum("...i,...i->...", x, x).array(), [5, 25]);
 * ```
 *
 * @param spec Labels of the operands, split by commas; an arrow and the labels of the output, or nothing.
 * @param operands The operands, at least one.
 * @returns The sums.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the specification is malformed or does not fit.
 * @throws {ShapeError} `SHAPE_MISMATCH` if a letter has two sizes, neither of which is 1.
 * @throws {TensorError} `OPERATOR_ARITY` if there are no operands.
 */
export function einsum(spec: string, ...operands: readonly Tensor[]): Tensor {
  return new Tensor(einsumNodes(spec, toNodes("einsum", operands)));
}

/**
 * Takes the dot product: over the last axis of one tensor and the last but one of the other, or its
 * only one.
 *
 * **Shapes**: `left [n], right [n] -> y []`; `left [a..., n], right [b..., n, c] -> y [a..., b..., c]`.
 *
 * **Source**: NumPy `dot`; for two vectors PyTorch `torch.dot`.
 *
 * @example Two vectors
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dot, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await dot(tensor([1, 2]), tensor([3, 4])).item(), 11);
 * ```
 *
 * @param left One tensor.
 * @param right The other.
 * @returns The product.
 * @throws {ShapeError} `SHAPE_MISMATCH` if those sizes differ.
 */
export function dot(left: Tensor, right: Tensor): Tensor {
  return new Tensor(dotNodes(toNode("dot", left), toNode("dot", right)));
}

/** Which axes {@linkcode tensordot} sums over. */
export interface TensordotOptions {
  /**
   * So many of the last axes of the left and the first of the right, or the axes of each that belong
   * together.
   *
   * @default {2}
   */
  readonly axes?:
    | number
    | readonly [
      left: readonly number[],
      right: readonly number[],
    ];
}

/**
 * Sums products over pairs of axes, one of each tensor.
 *
 * **Shapes**: `left [a..., k...], right [k..., b...] -> y [a..., b...]`, with the axes in any order.
 *
 * **Source**: NumPy `tensordot`.
 *
 * @example Over one pair of axes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor, tensordot } from "@spiraltorch/spiraltorch";
 *
 * const [x, y] = [tensor([[1, 2], [3, 4]]), tensor([[1, 0], [1, 1]])];
 * const sums = tensordot(x, y, { axes: [[0], [0]] });
 * assertEquals(await sums.array(), [[4, 3], [6, 4]]);
 * ```
 *
 * @param left One tensor.
 * @param right The other.
 * @param options Which axes belong together.
 * @returns The sums.
 * @throws {ShapeError} `AXIS_RANGE` if a tensor has no such axis, `SHAPE_MISMATCH` if sizes of a pair
 * differ.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an axis is named twice, or one has no partner.
 * @throws {OptionError} `INVALID_OPTION` if `axes` is neither a whole number from 0 nor two lists.
 */
export function tensordot(
  left: Tensor,
  right: Tensor,
  options?: TensordotOptions,
): Tensor {
  const { axes = 2 } = optionsOf<TensordotOptions>("tensordot", options);
  return new Tensor(
    tensordotNodes(
      toNode("tensordot", left),
      toNode("tensordot", right),
      axisPairs(axes),
    ),
  );
}

function axisPairs(
  axes: unknown,
): { readonly left: readonly number[]; readonly right: readonly number[] } {
  if (Number.isSafeInteger(axes) && Number(axes) >= 0 && Number(axes) < 64) {
    const right = Array.from({ length: Number(axes) }, (_, i) => i);
    return { left: right.map((i) => i - right.length), right };
  }
  const [left, right, more] = Array.isArray(axes) ? axes : [];
  if (Array.isArray(left) && Array.isArray(right) && more === undefined) {
    return { left, right };
  }
  throw invalidOption(
    "tensordot axes",
    axes,
    "a whole number from 0 to 63 or two lists of axes",
  );
}

/**
 * Sums products over the last axis of both tensors.
 *
 * **Shapes**: `left [a..., n], right [b..., n] -> y [a..., b...]`.
 *
 * **Source**: NumPy `inner`, but for scalars.
 *
 * @param left One tensor, of at least one axis.
 * @param right The other.
 * @returns The sums.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the last sizes differ, `AXIS_RANGE` if there is no axis.
 */
export function inner(left: Tensor, right: Tensor): Tensor {
  const nodes = [toNode("inner", left), toNode("inner", right)] as const;
  return new Tensor(tensordotNodes(...nodes, { left: [-1], right: [-1] }));
}

/**
 * Multiplies every element of one tensor by every element of another.
 *
 * **Shapes**: `left [...], right [...] -> y [m, n]`, with all `m` elements of the left and all `n` of
 * the right, row by row.
 *
 * **Source**: NumPy `outer`.
 *
 * @param left One tensor.
 * @param right The other.
 * @returns The products.
 */
export function outer(left: Tensor, right: Tensor): Tensor {
  const column = reshape(toNode("outer", left), [-1, 1]);
  return new Tensor(mul(column, reshape(toNode("outer", right), [1, -1])));
}

/**
 * Takes the dot product of all elements of two tensors, row by row.
 *
 * **Shapes**: `left [...], right [...] -> y []`, with equally many elements.
 *
 * **Source**: NumPy `vdot`, for real numbers.
 *
 * @param left One tensor.
 * @param right The other.
 * @returns The product.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the numbers of elements differ.
 */
export function vdot(left: Tensor, right: Tensor): Tensor {
  const line = reshape(toNode("vdot", left), [-1]);
  return new Tensor(dotNodes(line, reshape(toNode("vdot", right), [-1])));
}

/**
 * Takes the Kronecker product: every element of one tensor, replaced by that element times the other.
 *
 * **Shapes**: `left [..., m], right [..., n] -> y [..., m n]` along each axis; the tensor with fewer
 * axes gets axes of size 1 in front.
 *
 * **Source**: NumPy `kron`.
 *
 * @example Copies of a matrix along a diagonal
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { eye, kron, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await kron(eye(2), tensor([[1, 2]])).array(), [
 *   [1, 2, 0, 0],
 *   [0, 0, 1, 2],
 * ]);
 * ```
 *
 * @param left One tensor.
 * @param right The other.
 * @returns The product.
 * @throws {ShapeError} `SHAPE_INVALID` if it would have too many elements.
 */
export function kron(left: Tensor, right: Tensor): Tensor {
  return new Tensor(kronNodes(toNode("kron", left), toNode("kron", right)));
}

/**
 * The cross products of vectors in space.
 *
 * **Shapes**: `left [..., 3]`, `right [..., 3] -> y [..., 3]`, along any one axis; others broadcast.
 * **Source**: NumPy `linalg.cross`; PyTorch `torch.linalg.cross`.
 *
 * @example Right-handed axes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cross, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await cross(tensor([1, 0, 0]), tensor([0, 1, 0])).array(), [0, 0, 1]);
 * ```
 *
 * @param left The first vectors, whose shape is known.
 * @param right The second vectors.
 * @param axis Along which axis they lie, counted from the last if negative; the last if left out.
 * @returns The products.
 * @throws {OptionError} `INVALID_OPTION` if an input is no tensor.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {ShapeError} `SHAPE_MISMATCH` if its size is not 3, or others do not broadcast.
 */
export function cross(left: Tensor, right: Tensor, axis = -1): Tensor {
  const [a, b] = toNodes("cross", [left, right]) as [Node, Node];
  const [along, beside] = [a, b].map(({ type: { shape } }) =>
    resolveAxis("cross", axis, shape)
  ) as [number, number];
  if (a.type.shape[along] !== 3 || b.type.shape[beside] !== 3) {
    const mismatch = { axis, rule: "sizes must be 3" };
    throw shapeMismatch("cross", a.type.shape, b.type.shape, mismatch);
  }
  const [x, y] = [new Tensor(a), new Tensor(b)];
  const turned = (tensor: Tensor, axis: number, by: number) =>
    roll(tensor, -by, axis);
  return turned(x, along, 1).mul(turned(y, beside, 2))
    .sub(turned(x, along, 2).mul(turned(y, beside, 1)));
}
