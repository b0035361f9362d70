import {
  assertInstance,
  equalShapes,
  invalidOption,
  type Shape,
  shapeMismatch,
  sizeOf,
} from "../../../core/base/mod.ts";
import { optionsOf, type Tensor, zeros } from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import { assertPositive } from "../errors.ts";
import { CLASSIC_BALL } from "../geometry/classic_ball.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";

/** Options of {@linkcode ClassicHypergradTape}. */
export interface ClassicHypergradOptions {
  /** Curvature, a number below 0. */
  readonly curvature: number;
  /** Length of a step. */
  readonly learningRate: number;
  /** Shape of the weights, `[rows, columns]`. */
  readonly shape: Shape;
  /** What guards values; one for tensors of this shape if left out. */
  readonly topos?: OpenCartesianTopos;
}

/**
 * Gradient steps as an older implementation took them, kept to replay its numbers: element by element
 * `w' = w - η g/max(|1 + k w²|, tolerance)`, then the classic projection of each row.
 *
 * **Why it is no default**: the projection shortens every row at every step, gradient or not. With zero
 * gradients a row of norm 1 decays to 0.7616, 0.3563, 0.1212 and 0.0387 after 1, 10, 100 and 1000
 * steps. {@linkcode RiemannianSgd} on the same row does not move.
 *
 * @example A zero gradient moves it all the same
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { ClassicHypergradTape } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const tape = new ClassicHypergradTape({ curvature: -1, learningRate: 0.1, shape: [1, 1] });
 * assertAlmostEquals(await tape.apply(tensor([[1]])).item(), 0.7616, 1e-4);
 * ```
 */
export class ClassicHypergradTape {
  readonly #curvature: number;
  readonly #learningRate: number;
  readonly #topos: OpenCartesianTopos;
  #gradient: Tensor;

  /**
   * Constructs a new instance, whose gradient is 0.
   *
   * @param options Curvature, learning rate, shape.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` or `NON_POSITIVE_LEARNING_RATE` if a number is out
   * of its range.
   */
  constructor(options: ClassicHypergradOptions) {
    const { curvature, learningRate, shape, topos } = optionsOf(
      "ClassicHypergradTape",
      options,
    );
    if (!Array.isArray(shape)) {
      throw invalidOption(
        "ClassicHypergradTape shape",
        shape,
        "sizes per axis",
      );
    }
    if (topos !== undefined) {
      assertInstance("ClassicHypergradTape topos", topos, OpenCartesianTopos);
    }
    this.#topos = topos ??
      new OpenCartesianTopos({ curvature, maxVolume: sizeOf(shape) });
    assertPositive("NON_POSITIVE_LEARNING_RATE", "ClassicHypergradTape", {
      name: "learningRate",
      value: learningRate,
    });
    this.#curvature = curvature;
    this.#learningRate = learningRate;
    this.#gradient = zeros(shape);
  }

  /** What has been added up since the last step. */
  get gradient(): Tensor {
    return this.#gradient;
  }

  /**
   * Adds a wave, scaled down where it is long.
   *
   * @param wave The wave.
   * @throws {ShapeError} `SHAPE_MISMATCH` if it has another shape.
   */
  accumulateWave(wave: Tensor): void {
    this.#assertShape("accumulateWave", wave);
    const scaled = wave.div(this.#bend(wave));
    this.#gradient = this.#topos.saturate(this.#gradient.add(scaled));
  }

  /**
   * Adds what a prediction has too much.
   *
   * @param prediction The prediction.
   * @param target What it should have been.
   * @throws {ShapeError} `SHAPE_MISMATCH` if one has another shape.
   */
  accumulatePair(prediction: Tensor, target: Tensor): void {
    this.#assertShape("accumulatePair", prediction);
    this.#assertShape("accumulatePair", target);
    this.#gradient = this.#gradient.add(prediction).sub(target);
  }

  /**
   * Takes a step, and begins again with a gradient of 0.
   *
   * @param weights The weights.
   * @returns The new weights.
   * @throws {ShapeError} `SHAPE_MISMATCH` if they have another shape.
   */
  apply(weights: Tensor): Tensor {
    this.#assertShape("apply", weights);
    const step = this.#gradient.mul(this.#learningRate)
      .div(this.#bend(weights));
    const moved = this.#topos.saturate(weights.sub(step));
    this.#gradient = zeros(this.#gradient.shape);
    return this.#topos.guard(
      "weights",
      CLASSIC_BALL.project(moved, { curvature: this.#curvature }),
    );
  }

  /** `max(|1 + k x²|, tolerance)`. */
  #bend(x: Tensor): Tensor {
    return x.mul(x).mul(-this.#curvature).add(1).abs()
      .maximum(this.#topos.tolerance);
  }

  #assertShape(operation: string, x: Tensor): void {
    assertTensor(operation, x);
    const wanted = this.#gradient.shape;
    if (equalShapes(x.shape, wanted)) return;
    throw shapeMismatch(operation, x.shape, wanted, {
      rule: "shapes must be equal",
    });
  }
}
