import type { Tensor } from "../../../ops/mod.ts";
import type { Seed } from "../../seed.ts";

/** Options of {@linkcode PoincareBall}. */
export interface PoincareBallOptions {
  /**
   * Curvature, a number below 0; or one number as a tensor, which is learned. Such a tensor must be
   * below 0 whatever it learns: {@linkcode LearnableCurvature} is one.
   *
   * @default {-1}
   */
  readonly curvature?: number | Tensor;
  /**
   * How far points stay from the boundary, as a share of the radius, between 0 and 0.5. The default
   * suits `float32`; `1e-5` is enough where everything is computed in `float64`.
   *
   * @default {0.004}
   */
  readonly margin?: number;
}

/** Options of {@linkcode PoincareBall.exp0}. */
export interface Exp0Options {
  /**
   * Whether results keep the ball's margin. Without, long vectors may land on the boundary itself,
   * where `tanh` rounds to 1.
   *
   * @default {true}
   */
  readonly clip?: boolean;
}

/** Options of {@linkcode PoincareBall.distance}. */
export interface DistanceOptions {
  /**
   * Whether the last axis stays, with size 1.
   *
   * @default {false}
   */
  readonly keepDims?: boolean;
}

/** Options of {@linkcode PoincareBall.random}. */
export interface RandomPointsOptions {
  /** What the points depend on. */
  readonly seed: Seed;
  /**
   * Largest distance from the center, as a share of the ball's radius.
   *
   * @default {0.9}
   */
  readonly maxRadius?: number;
}
