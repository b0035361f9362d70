import { splitKey } from "../../../core/base/mod.ts";
import {
  optionsOf,
  randomUniform,
  type Tensor,
  zeros,
} from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { type Seed, seedKey } from "../../seed.ts";
import { OptionChecks } from "../check_options.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { assertFeatures } from "./feature_layer.ts";

/** Settings of a hyperbolic linear layer in a config. */
export interface HyperbolicLinearConfig {
  /** Size of the input's last axis. */
  readonly inFeatures: number;
  /** Size of the output's last axis. */
  readonly outFeatures: number;
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
}

/** Options of {@linkcode HyperbolicLinear}. */
export interface HyperbolicLinearOptions extends HyperbolicLinearConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * A linear layer between balls: `exp0(log0(x) M) ⊕ exp0(b)`.
 *
 * **Shapes**: `x [..., inFeatures] -> y [..., outFeatures]`, points of the ball; `weight [inFeatures,
 * outFeatures]`, and `bias [outFeatures]`, a tangent at the center.
 *
 * **Numerics**: weights start uniform between `±1 / √inFeatures`, the bias at 0.
 *
 * **Source**: Ganea, Bécigneul and Hofmann, "Hyperbolic neural networks" (2018), §3.2.
 */
export class HyperbolicLinear extends Module {
  /** What tangents are multiplied by. */
  readonly weight: Parameter;
  /** By what results are translated, as a tangent at the center. */
  readonly bias: Parameter;
  readonly #ball: PoincareBall;
  readonly #inFeatures: number;

  /**
   * Constructs a new instance.
   *
   * @param options Numbers of features, curvature, seed.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if a number of features is no whole number from 1 on.
   */
  constructor(options: HyperbolicLinearOptions) {
    super();
    const { inFeatures, outFeatures, curvature = -1, seed = 0 } = optionsOf(
      "HyperbolicLinear",
      options,
    );
    this.#ball = new PoincareBall({ curvature });
    const checks = new OptionChecks("HyperbolicLinear");
    checks.count("inFeatures", inFeatures);
    checks.count("outFeatures", outFeatures);
    checks.end();
    this.#inFeatures = inFeatures;
    const bound = 1 / Math.sqrt(inFeatures);
    const key = splitKey(seedKey(seed), 0);
    this.weight = new Parameter(
      randomUniform([inFeatures, outFeatures], { key }).mul(2 * bound)
        .sub(bound),
    );
    this.bias = new Parameter(zeros([outFeatures]));
  }

  /**
   * Describes the points.
   *
   * @param x Points, `[..., inFeatures]`.
   * @returns Points, `[..., outFeatures]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertFeatures("HyperbolicLinear", x, this.#inFeatures);
    const ball = this.#ball;
    const moved = ball.exp0(ball.log0(x).matmul(this.weight));
    return ball.add(moved, ball.exp0(this.bias));
  }
}

/** `hyperbolic_linear`: {@linkcode HyperbolicLinear} by name. */
export const hyperbolicLinearDefinition: ModuleDefinition<
  HyperbolicLinearConfig
> = {
  type: "hyperbolic_linear",
  displayName: "Hyperbolic linear",
  description: "A linear layer between balls.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      inFeatures: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      outFeatures: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
    },
    required: ["inFeatures", "outFeatures"],
  },
  inferShape({ inFeatures, outFeatures }, [x]) {
    return x!.at(-1) === inFeatures
      ? [...x!.slice(0, -1), outFeatures]
      : { wanted: `[..., ${inFeatures}]` };
  },
  create: (config, { seed }) => new HyperbolicLinear({ ...config, seed }),
};
