/**
 * `tanh(t)/t`, `artanh(t)/t` and `asinh(t)/t` as functions of `t²`, of which they are analytic: so a
 * squared norm enters them as it is, and neither values nor gradients have a corner at 0.
 *
 * **Numerics**: below `t = 0.05` a series, whose first term left out is below 1e-12; above it the
 * formula, which never sees a smaller `t`, so that the branch not taken is finite in the gradient too.
 *
 * **Source**: Abramowitz and Stegun, "Handbook of mathematical functions" (1964), 4.5.64, 4.6.33, 4.6.31.
 *
 * @module
 */
import type { Tensor } from "../../../ops/mod.ts";

/** `t²` below which the series is used. */
const SERIES_BELOW = 0.05 ** 2;

/**
 * `tanh(t)/t`.
 *
 * @param square `t²`, at least 0.
 * @returns The ratio, 1 at 0.
 */
export function tanhRatio(square: Tensor): Tensor {
  return ratioOf(
    square,
    [1, -1 / 3, 2 / 15, -17 / 315, 62 / 2835],
    (t) => t.tanh(),
  );
}

/**
 * `artanh(t)/t`.
 *
 * @param square `t²`, at least 0 and below 1.
 * @returns The ratio, 1 at 0.
 */
export function artanhRatio(square: Tensor): Tensor {
  return ratioOf(
    square,
    [1, 1 / 3, 1 / 5, 1 / 7, 1 / 9],
    (t) => t.add(1).div(t.neg().add(1)).log().mul(0.5),
  );
}

/**
 * `asinh(t)/t`.
 *
 * @param square `t²`, at least 0.
 * @returns The ratio, 1 at 0.
 */
export function asinhRatio(square: Tensor): Tensor {
  return ratioOf(
    square,
    [1, -1 / 6, 3 / 40, -5 / 112, 35 / 1152],
    (t) => t.add(t.mul(t).add(1).sqrt()).log(),
  );
}

/** The series near 0, `f(t)/t` elsewhere. */
function ratioOf(
  square: Tensor,
  series: readonly number[],
  f: (t: Tensor) => Tensor,
): Tensor {
  const t = square.maximum(SERIES_BELOW).sqrt();
  const near = square.minimum(SERIES_BELOW);
  // Horner's rule, from the last coefficient to the first.
  const [last, before, ...rest] = series.toReversed();
  const sum = rest.reduce<Tensor>(
    (sum, coefficient) => sum.mul(near).add(coefficient),
    near.mul(last!).add(before!),
  );
  return square.less(SERIES_BELOW).where(sum, f(t).div(t));
}
