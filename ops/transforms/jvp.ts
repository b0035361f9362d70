import {
  dtypeMismatch,
  equalShapes,
  invalidOption,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { assertFractions } from "../autograd/gradient.ts";
import { pushForward } from "../autograd/push_forward.ts";
import { constant, type Node } from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { Tensor, toNodes } from "../tensor.ts";
import { rebuildTree, type TensorTree } from "../tensor_tree.ts";
import { callFresh, type TensorFunction } from "./call_fresh.ts";

/**
 * What a function gives, and how fast that changes.
 *
 * @typeParam Result What it gives.
 */
export interface JvpResult<Result extends TensorTree> {
  /** What the function gives. */
  readonly value: Result;
  /** How fast each tensor of it changes. */
  readonly tangent: Result;
}

/**
 * Evaluates a function and, in forward mode, how fast its result changes when its arguments do: the
 * product of its Jacobian matrix with a vector.
 *
 * Both directions agree: `u · jvp(v) = vjp(u) · v`. An operator that brings its own gradient is
 * differentiated by that, in this direction too.
 *
 * **Cost**: about two to three evaluations of the function, and no memory for what it computes on the
 * way.
 *
 * @example Along (1, 0) the product xy grows by y
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jvp, tensor } from "@spiraltorch/spiraltorch";
 *
 * const { value, tangent } = jvp(
 *   (x, y) => x!.mul(y!),
 *   [tensor(3), tensor(5)],
 *   [tensor(1), tensor(0)],
 * );
 * assertEquals([await value.item(), await tangent.item()], [15, 5]);
 * ```
 *
 * @param fn The function.
 * @param primals Where to evaluate it: its arguments, which hold fractions.
 * @param tangents How fast each argument changes; of its shape and dtype.
 * @returns The function's result, and how fast it changes; zeros where it does not.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function of tensors, or the lists do not match.
 * @throws {ShapeError} `SHAPE_MISMATCH` if a tangent has another shape than its argument.
 * @throws {DTypeError} `DTYPE_MISMATCH` if a tangent has another dtype than its argument.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if a dtype has no gradient, or an operator on the way.
 */
export function jvp<Result extends TensorTree>(
  fn: TensorFunction<Result>,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
): JvpResult<Result> {
  const nodes = toNodes("jvp", primals);
  const moving = toNodes("jvp", tangents);
  assertFractions(nodes);
  assertAlike("jvp", nodes, moving);
  const { parameters, result, outputs } = callFresh("jvp", fn, nodes);
  assertFractions(outputs);
  const seeds = new Map(parameters.map((node, i) => [node, moving[i]!]));
  const found = quietly(() => pushForward(outputs, seeds)).map(
    (tangent, i) => new Tensor(tangent ?? constant(0, outputs[i]!.type)),
  );
  return { value: result, tangent: rebuildTree(result, found) };
}

/**
 * Requires as many tensors as others, each of the same dtype and shape.
 *
 * @param operation Name of the transform, for messages.
 * @param wanted The others.
 * @param found The tensors.
 * @throws {OptionError} `INVALID_OPTION` if there are more or fewer.
 * @throws {ShapeError} `SHAPE_MISMATCH` if one has another shape.
 * @throws {DTypeError} `DTYPE_MISMATCH` if one has another dtype.
 */
export function assertAlike(
  operation: string,
  wanted: readonly Node[],
  found: readonly Node[],
): void {
  if (found.length !== wanted.length) {
    throw invalidOption(
      `the number of tangents of ${operation}`,
      found.length,
      `one for each of ${wanted.length} tensors`,
    );
  }
  for (const [i, { type: { dtype, shape } }] of found.entries()) {
    const { type } = wanted[i]!;
    if (!equalShapes(shape, type.shape)) {
      throw shapeMismatch(operation, type.shape, shape, {
        rule: "a tangent must have the shape of its tensor",
      });
    }
    if (dtype !== type.dtype) {
      throw dtypeMismatch(operation, dtype, [type.dtype]);
    }
  }
}
