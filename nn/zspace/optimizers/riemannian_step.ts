import type { Tensor } from "../../../ops/mod.ts";
import type { PoincareBall } from "../geometry/poincare_ball.ts";
import { dot } from "../geometry/rows.ts";

/**
 * Walks from points along tangents and stays inside. A point whose tangent is 0 stays where it is, to
 * the last bit.
 *
 * @param ball The ball.
 * @param x The points, `[..., d]`.
 * @param step The tangents, `[..., d]`.
 * @returns The points reached, `[..., d]`.
 */
export function walk(ball: PoincareBall, x: Tensor, step: Tensor): Tensor {
  const reached = ball.project(ball.exp(x, step));
  return step.notEqual(0).any(-1, { keepDims: true }).where(reached, x);
}

/**
 * Shortens tangents whose Riemannian length is beyond a bound.
 *
 * @param ball The ball.
 * @param x The points, `[..., d]`.
 * @param options The tangents there, and their largest length; any if left out.
 * @returns The tangents, `[..., d]`.
 */
export function shorten(
  ball: PoincareBall,
  x: Tensor,
  { tangent, maxNorm }: {
    readonly tangent: Tensor;
    readonly maxNorm: number | undefined;
  },
): Tensor {
  if (maxNorm === undefined) return tangent;
  const factor = ball.conformalFactor(x);
  const length = dot(tangent, tangent).sqrt().mul(factor);
  return tangent.mul(length.maximum(maxNorm).pow(-1).mul(maxNorm));
}
