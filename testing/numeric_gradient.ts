import { assertFunction, assertInstance } from "../core/base/mod.ts";
import { assertNumber } from "../nn/check/assert_number.ts";
import { optionsOf } from "../ops/mod.ts";

/** Options of {@linkcode numericGradient}. */
export interface NumericGradientOptions {
  /**
   * Half the distance between the two points compared, for elements up to 1; larger elements take
   * proportionally larger steps.
   *
   * @default {2 ** -17}
   */
  readonly step?: number;
}

/**
 * Estimates the gradient of a number with respect to elements by central differences: an oracle that
 * shares no code with the gradient under test.
 *
 * **Numerics**: in `float64` the error is about `step² f‴ / 6` from the formula plus `1e-16 f / step`
 * from rounding; the default step, near the cube root of the rounding error, leaves about 1e-10 for
 * values near 1. The step is a power of two, so that it is added without rounding.
 *
 * **Cost**: two calls of `f` an element, one after another.
 *
 * @example The slope of x² + y² is 2x, 2y
 * ```ts
 * import { assertClose, numericGradient } from "@spiraltorch/spiraltorch/testing";
 *
 * const slope = await numericGradient(
 *   ([x, y]) => x! ** 2 + y! ** 2,
 *   Float64Array.of(1, -3),
 * );
 * assertClose(slope, [2, -6]);
 * ```
 *
 * @param f The function, which gives a number or a promise of one.
 * @param x Where to take the gradient.
 * @param options The step.
 * @returns The gradient with respect to `x`.
 */
export async function numericGradient(
  f: (x: Float64Array) => number | Promise<number>,
  x: Float64Array,
  options?: NumericGradientOptions,
): Promise<Float64Array> {
  const { step = 2 ** -17 } = optionsOf("numericGradient", options);
  assertFunction("f of numericGradient", f);
  assertInstance("x of numericGradient", x, Float64Array);
  assertNumber("numericGradient step", step, { min: Number.MIN_VALUE });
  const gradient = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]!);
    const half = size > 1 ? step * 2 ** Math.ceil(Math.log2(size)) : step;
    const above = await f(x.with(i, x[i]! + half));
    const below = await f(x.with(i, x[i]! - half));
    gradient[i] = (above - below) / (2 * half);
  }
  return gradient;
}
