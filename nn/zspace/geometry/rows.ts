/**
 * Products and norms of points, which lie along the last axis.
 *
 * @module
 */
import { equalShapes, shapeMismatch } from "../../../core/base/mod.ts";
import { type Tensor, UNKNOWN_TYPE } from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";

/** Squared norms up to this have a root of 0: their own is smaller than any that `float32` holds. */
const TINY = 1e-36;

/**
 * Euclidean products of points.
 *
 * @param a Points, `[..., d]`.
 * @param b Points, `[..., d]`.
 * @returns The products, `[..., 1]`.
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  return a.mul(b).sum(-1, { keepDims: true });
}

/**
 * Square roots whose gradient at 0 is 0.
 *
 * @param square Numbers, at least 0.
 * @returns Their roots.
 */
export function safeRoot(square: Tensor): Tensor {
  // Asked this way round, a NaN stays one.
  return square.lessOrEqual(TINY).where(0, square.maximum(TINY).sqrt());
}

/**
 * `α(x) = (1 - s‖x‖)(1 + s‖x‖)`: the product keeps its digits near the boundary, where `1 - k‖x‖²` does not.
 *
 * @param square `k‖x‖²`, `[..., 1]`.
 * @returns `α`, `[..., 1]`.
 */
export function alphaOf(square: Tensor): Tensor {
  const radius = safeRoot(square);
  return radius.neg().add(1).mul(radius.add(1));
}

/**
 * Requires that tensors hold points of one dimension. In a trace, where sizes are not known, the
 * operators that the trace is made of do.
 *
 * @param operation Name of what was attempted.
 * @param points The tensors, `[..., d]`.
 * @throws {OptionError} `INVALID_OPTION` if one is no tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if one has no axis, an empty last one, or another size there.
 */
export function assertPoints(
  operation: string,
  ...points: readonly Tensor[]
): void {
  assertTensor(operation, ...points);
  if (points.some(({ node }) => node.type === UNKNOWN_TYPE)) return;
  const [first, ...others] = points as [Tensor, ...Tensor[]];
  const wanted = first.shape.slice(-1);
  if (wanted.length === 0 || wanted[0] === 0) {
    throw shapeMismatch(operation, first.shape, first.shape, {
      rule: "points need a last axis of size 1 or more",
    });
  }
  for (const { shape } of others) {
    if (equalShapes(shape.slice(-1), wanted)) continue;
    throw shapeMismatch(operation, first.shape, shape, {
      axis: -1,
      rule: "points must have the same dimension",
    });
  }
}
