/**
 * Functions of lists of tensors.
 *
 * @module
 */
import {
  concat as concatNodes,
  stack as stackNodes,
} from "./builtin/concat.ts";
import { Tensor, toNodes } from "./tensor.ts";

/**
 * Joins tensors along an axis. Dtypes meet in the widest.
 *
 * **Shapes**: `tensors [..., n_i, ...] -> y [..., Σ n_i, ...]`; the other sizes are equal.
 *
 * @example Rows below rows, columns beside columns
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { concat, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [x, y] = [tensor([[1, 2]]), tensor([[3, 4]])];
 * assertEquals(await concat([x, y]).array(), [[1, 2], [3, 4]]);
 * assertEquals(await concat([x, y], 1).array(), [[1, 2, 3, 4]]);
 * ```
 *
 * @param tensors The tensors, at least one.
 * @param axis The axis.
 * @returns The joined tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if other sizes differ, `AXIS_RANGE` if there is no such axis.
 * @throws {OptionError} `INVALID_OPTION` if `tensors` is no list of tensors.
 * @throws {TensorError} `OPERATOR_ARITY` if there are none.
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  return new Tensor(concatNodes(toNodes("concat", tensors), axis));
}

/**
 * Joins tensors of one shape along a new axis. Dtypes meet in the widest.
 *
 * **Shapes**: `tensors [...] -> y [..., count, ...]`.
 *
 * @example Vectors as rows, or as columns
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stack, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [x, y] = [tensor([1, 2]), tensor([3, 4])];
 * assertEquals(await stack([x, y]).array(), [[1, 2], [3, 4]]);
 * assertEquals(await stack([x, y], 1).array(), [[1, 3], [2, 4]]);
 * ```
 *
 * @param tensors The tensors, at least one.
 * @param axis Where the axis is in the output.
 * @returns The joined tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if shapes differ, `AXIS_RANGE` if there is no such axis.
 * @throws {OptionError} `INVALID_OPTION` if `tensors` is no list of tensors.
 * @throws {TensorError} `OPERATOR_ARITY` if there are none.
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  return new Tensor(stackNodes(toNodes("stack", tensors), axis));
}
