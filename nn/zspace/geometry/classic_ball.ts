/**
 * The arithmetic of an older implementation, kept because numbers were recorded with it. Its projection
 * equals `exp0` at curvature -1 only, and its distance is no metric.
 *
 * @module
 */
import { optionsOf, type Tensor } from "../../../ops/mod.ts";
import { magnitudeOf } from "./curvature.ts";
import { asinhRatio, tanhRatio } from "./ratios.ts";
import { assertPoints, dot, safeRoot } from "./rows.ts";

/** Options of the maps of {@linkcode ClassicBall}. */
export interface ClassicOptions {
  /**
   * Curvature, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
}

/** The older arithmetic. */
export interface ClassicBall {
  /**
   * Bends rows into the unit ball, whatever the curvature: `tanh(‖x‖/s) · x/‖x‖`.
   *
   * @param x Rows, `[..., d]`.
   * @param options The curvature.
   * @returns Rows of norm below 1, `[..., d]`.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   */
  project(x: Tensor, options?: ClassicOptions): Tensor;
  /**
   * A number for two whole tensors: `2 acosh(1 + S/√max(D, 1e-6))` with `a = x/s`, `b = y/s`,
   * `S = Σ (a - b)²` and `D = Σ (1 - a²)(1 - b²)`.
   *
   * @param x A tensor.
   * @param y A tensor of the same shape.
   * @param options The curvature.
   * @returns The number, a scalar.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   */
  distance(x: Tensor, y: Tensor, options?: ClassicOptions): Tensor;
}

/** The older arithmetic, {@linkcode PoincareBall.classic}. */
export const CLASSIC_BALL: ClassicBall = {
  project(x, options) {
    const { curvature = -1 } = optionsOf("classic.project", options);
    assertPoints("classic.project", x);
    const k = magnitudeOf("the classic ball", curvature);
    const ratio = tanhRatio(dot(x, x).div(k));
    return x.mul(ratio.div(Math.sqrt(k)));
  },
  distance(x, y, options) {
    const { curvature = -1 } = optionsOf("classic.distance", options);
    assertPoints("classic.distance", x, y);
    const root = Math.sqrt(magnitudeOf("the classic ball", curvature));
    const [a, b] = [x.div(root), y.div(root)];
    const gap = a.sub(b);
    const [fromA, fromB] = [a, b].map((x) => x.mul(x).neg().add(1)) as [
      Tensor,
      Tensor,
    ];
    const divisor = fromA.mul(fromB).sum().maximum(1e-6).sqrt();
    // acosh(1 + 2z) is 2 asinh(√z), which keeps the digits of a small z.
    const z = gap.mul(gap).sum().div(divisor).mul(0.5);
    return safeRoot(z).mul(asinhRatio(z)).mul(4);
  },
};
