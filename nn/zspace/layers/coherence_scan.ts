import { shapeMismatch } from "../../../core/base/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import { optionsOf, type Tensor, tensor } from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { OptionChecks } from "../check_options.ts";
import { assertPositive } from "../errors.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";

/** Options of {@linkcode CoherenceScan}, and its settings in a config. */
export interface CoherenceScanConfig {
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /** How many of the last steps count; all of them if left out. */
  readonly memory?: number;
  /**
   * What distances are divided by.
   *
   * @default {1}
   */
  readonly temperature?: number;
  /**
   * How much of the last step is added to the result.
   *
   * @default {0}
   */
  readonly residual?: number;
  /**
   * What weights follow from: distances in the ball, or powers of Euclidean ones as in an older
   * implementation.
   *
   * @default {"distance"}
   */
  readonly score?: "distance" | "power";
  /**
   * How much the last step's own score counts, with `"power"`. At 1 it outweighs all others.
   *
   * @default {0}
   */
  readonly selfScore?: number;
}

/**
 * Looks back from the last step of a sequence: a mean of its steps, weighed by how near they are.
 *
 * With the last step as query `q`: `w = softmax(-d(exp0(q), exp0(x_i))/T)`, and the result is
 * `Σ w_i x_i + residual q`.
 *
 * **Shapes**: `x [batch, steps, features] -> y [batch, features]`. No parameters.
 *
 * @example The steps nearest to the last one count most
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { CoherenceScan } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const scan = new CoherenceScan();
 * const y = scan.forward(tensor([[[1, 0], [0.25, 0.5], [0.5, 0.5]]]));
 * assertClose(await y.data(), [0.4654619, 0.4536923], { tolerance: 1e-5 });
 * ```
 */
export class CoherenceScan extends Module {
  readonly #ball: PoincareBall;
  readonly #config: Required<Omit<CoherenceScanConfig, "memory">>;
  readonly #memory: number | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options Curvature, memory, and what weights follow from.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0;
   * `NON_POSITIVE_TEMPERATURE` if the temperature is not above 0.
   * @throws {OptionError} `INVALID_OPTION` if another option is out of range.
   */
  constructor(options?: CoherenceScanConfig) {
    super();
    const {
      curvature = -1,
      memory,
      temperature = 1,
      residual = 0,
      score = "distance",
      selfScore = 0,
    } = optionsOf("CoherenceScan", options);
    this.#ball = new PoincareBall({ curvature });
    assertPositive("NON_POSITIVE_TEMPERATURE", "CoherenceScan", {
      name: "temperature",
      value: temperature,
    });
    const checks = new OptionChecks("CoherenceScan");
    if (memory !== undefined) checks.count("memory", memory);
    checks.number("residual", residual);
    checks.oneOf("score", score, ["distance", "power"]);
    checks.number("selfScore", selfScore, { min: 0 });
    checks.end();
    this.#config = { curvature, temperature, residual, score, selfScore };
    this.#memory = memory;
  }

  /**
   * Describes the look back.
   *
   * @param x Steps, `[batch, steps, features]`.
   * @returns One row a sequence, `[batch, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if `x` does not have three axes, or has no steps.
   */
  override forward(x: Tensor): Tensor {
    const { weights, steps } = this.#look(x);
    const { residual } = this.#config;
    const mean = weights.unsqueeze(-1).mul(steps).sum(1);
    if (residual === 0) return mean;
    return mean.add(steps.select(-1, 1).mul(residual));
  }

  /**
   * Describes how much each step counts.
   *
   * @param x Steps, `[batch, steps, features]`.
   * @returns Weights that add up to 1, `[batch, steps]`, of the steps that count at all.
   * @throws {ShapeError} `SHAPE_MISMATCH` if `x` does not have three axes, or has no steps.
   */
  weights(x: Tensor): Tensor {
    return this.#look(x).weights;
  }

  #look(x: Tensor): { readonly weights: Tensor; readonly steps: Tensor } {
    assertTensor("CoherenceScan", x);
    const [, count] = x.shape;
    if (x.rank !== 3 || count === 0) {
      throw shapeMismatch("CoherenceScan", x.shape, [], {
        rule: "sequences need the axes batch, steps and features",
      });
    }
    const memory = Math.min(this.#memory ?? count!, count!);
    const steps = x.slice([null, [count! - memory, count!]]);
    const query = steps.slice([null, [memory - 1, memory]]);
    const weights = this.#config.score === "distance"
      ? this.#near(query, steps)
      : this.#powers(query, steps);
    return { weights, steps };
  }

  #near(query: Tensor, steps: Tensor): Tensor {
    const ball = this.#ball;
    const distance = ball.distance(ball.exp0(query), ball.exp0(steps));
    return distance.div(this.#config.temperature).neg().softmax(-1);
  }

  #powers(query: Tensor, steps: Tensor): Tensor {
    const { curvature, temperature, selfScore } = this.#config;
    const root = Math.sqrt(-curvature);
    const gap = steps.sub(query);
    // The floor keeps the root away from 0, where it has no slope.
    const least = (1e-6 * temperature / root) ** 2;
    const distance = gap.mul(gap).mean(-1).maximum(least).sqrt()
      .mul(root / temperature);
    const score = distance.pow(1 + Math.min(root, 4)).add(1e-12).pow(-1);
    const [count] = score.shape.slice(-1) as [number];
    const isLast = Array.from({ length: count }, (_, i) => i === count - 1);
    const factor = tensor(isLast.map((last) => last ? selfScore : 1));
    const scores = score.mul(factor);
    const sum = scores.sum(-1, { keepDims: true });
    const last = tensor(isLast.map(Number));
    return sum.greater(0).where(
      scores.div(sum.maximum(1e-30)),
      last,
    );
  }
}

/** `coherence_scan`: {@linkcode CoherenceScan} by name. */
export const coherenceScanDefinition: ModuleDefinition<CoherenceScanConfig> = {
  type: "coherence_scan",
  displayName: "Coherence scan",
  description: "Looks back from the last step of a sequence.",
  category: "Attention",
  config: {
    type: "object",
    properties: {
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
      memory: { type: "integer", minimum: 1 },
      temperature: { type: "number", exclusiveMinimum: 0, default: 1 },
      residual: { type: "number", default: 0 },
      score: {
        type: "string",
        enum: ["distance", "power"],
        default: "distance",
      },
      selfScore: { type: "number", minimum: 0, default: 0 },
    },
  },
  inferShape(_, [x]) {
    return x!.length === 3
      ? [x![0]!, x![2]!]
      : { wanted: "[batch, steps, features]" };
  },
  create: (config) => new CoherenceScan(config),
};
