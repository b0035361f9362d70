import { splitKey } from "../../../core/base/mod.ts";
import {
  optionsOf,
  randomNormal,
  type Tensor,
  zeros,
} from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { type Seed, seedKey } from "../../seed.ts";
import { OptionChecks } from "../check_options.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { asinhRatio } from "../geometry/ratios.ts";
import { dot } from "../geometry/rows.ts";
import { assertFeatures, FEATURES_PROPERTY } from "./feature_layer.ts";

/** Settings of a hyperbolic regression in a config. */
export interface HyperbolicMlrConfig {
  /** Size of the input's last axis. */
  readonly features: number;
  /** Number of classes. */
  readonly classes: number;
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
}

/** Options of {@linkcode HyperbolicMlr}. */
export interface HyperbolicMlrOptions extends HyperbolicMlrConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/** Squared lengths below this are none. */
const TINY = 1e-30;

/**
 * Multinomial regression of points: the logit of a class is how far a point lies from the class's
 * hyperplane, which goes through `exp0(p)` at a right angle to `a`, times the length of `a`:
 * `(2‖a‖/s) asinh(2s⟨z, a⟩/(α(z)‖a‖))` with `z = (-exp0(p)) ⊕ x`.
 *
 * **Shapes**: `x [..., features] -> y [..., classes]`; `normal [classes, features]`, and `offset
 * [classes, features]`, tangents at the center.
 *
 * **Numerics**: with a curvature near 0 a logit is `4⟨x - p, a⟩`. A normal of 0 gives a logit of 0 with a
 * finite gradient.
 *
 * **Source**: Ganea, Bécigneul and Hofmann, "Hyperbolic neural networks" (2018), §3.1.
 */
export class HyperbolicMlr extends Module {
  /** Normals of the hyperplanes. */
  readonly normal: Parameter;
  /** Where the hyperplanes go through, as tangents at the center. */
  readonly offset: Parameter;
  readonly #ball: PoincareBall;
  readonly #features: number;

  /**
   * Constructs a new instance.
   *
   * @param options Numbers of features and classes, curvature, seed.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number from 1 on.
   */
  constructor(options: HyperbolicMlrOptions) {
    super();
    const { features, classes, curvature = -1, seed = 0 } = optionsOf(
      "HyperbolicMlr",
      options,
    );
    this.#ball = new PoincareBall({ curvature });
    const checks = new OptionChecks("HyperbolicMlr");
    checks.count("features", features);
    checks.count("classes", classes);
    checks.end();
    this.#features = features;
    const key = splitKey(seedKey(seed), 0);
    this.normal = new Parameter(
      randomNormal([classes, features], { key }).div(Math.sqrt(features)),
    );
    this.offset = new Parameter(zeros([classes, features]));
  }

  /**
   * Describes the logits.
   *
   * @param x Points, `[..., features]`.
   * @returns Logits, `[..., classes]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertFeatures("HyperbolicMlr", x, this.#features);
    const ball = this.#ball;
    const seen = ball.add(ball.exp0(this.offset).neg(), x.unsqueeze(-2));
    // ⟨z, a⟩/α(z), for each class: λ = 2/α.
    const height = dot(seen, this.normal).mul(ball.conformalFactor(seen))
      .mul(0.5);
    const size = dot(this.normal, this.normal).maximum(TINY);
    const k = -(ball.curvature as number);
    const square = height.mul(height).mul(4 * k).div(size);
    return height.mul(4).mul(asinhRatio(square)).squeeze(-1);
  }
}

/** `hyperbolic_mlr`: {@linkcode HyperbolicMlr} by name. */
export const hyperbolicMlrDefinition: ModuleDefinition<HyperbolicMlrConfig> = {
  type: "hyperbolic_mlr",
  displayName: "Hyperbolic multinomial regression",
  description: "Logits of points by their distance from hyperplanes.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      ...FEATURES_PROPERTY,
      classes: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
    },
    required: ["features", "classes"],
  },
  inferShape({ features, classes }, [x]) {
    return x!.at(-1) === features
      ? [...x!.slice(0, -1), classes]
      : { wanted: `[..., ${features}]` };
  },
  create: (config, { seed }) => new HyperbolicMlr({ ...config, seed }),
};
