import { ones, optionsOf, type Tensor, zeros } from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { OptionChecks } from "../check_options.ts";
import { magnitudeOf } from "../geometry/curvature.ts";
import {
  assertFeatures,
  FEATURES_PROPERTY,
  keepFeatures,
} from "./feature_layer.ts";

/** Options of {@linkcode ZSpaceLayerNorm}, and its settings in a config. */
export interface ZSpaceLayerNormConfig {
  /** Size of the last axis. */
  readonly features: number;
  /**
   * Curvature, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /**
   * How far normalized features are bent, from 0 to 1.
   *
   * @default {1}
   */
  readonly strength?: number;
}

/** Beyond this `tanh` is 1 to the last bit. */
const STEEP = 25;

/**
 * Normalizes rows, and bends each feature: `γ ((1 - ρ) v + ρ tanh(s v)/s) + β` with
 * `v = (x - mean)/√(var + 1e-5)`. With a curvature near 0 it is a layer norm.
 *
 * **Shapes**: `x [..., features] -> y [..., features]`; `weight [features]`, `bias [features]`.
 */
export class ZSpaceLayerNorm extends Module {
  /** What bent features are multiplied by. */
  readonly weight: Parameter;
  /** What is added to them. */
  readonly bias: Parameter;
  readonly #features: number;
  readonly #root: number;
  readonly #strength: number;

  /**
   * Constructs a new instance.
   *
   * @param options Number of features, curvature, strength.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if another option is out of range.
   */
  constructor(options: ZSpaceLayerNormConfig) {
    super();
    const { features, curvature = -1, strength = 1 } = optionsOf(
      "ZSpaceLayerNorm",
      options,
    );
    this.#root = Math.sqrt(magnitudeOf("ZSpaceLayerNorm", curvature));
    const checks = new OptionChecks("ZSpaceLayerNorm");
    checks.count("features", features);
    checks.number("strength", strength, { min: 0, max: 1 });
    checks.end();
    this.#features = features;
    this.#strength = strength;
    this.weight = new Parameter(ones([features]));
    this.bias = new Parameter(zeros([features]));
  }

  /**
   * Describes the normalized rows.
   *
   * @param x Rows, `[..., features]`.
   * @returns Rows, `[..., features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertFeatures("ZSpaceLayerNorm", x, this.#features);
    const centered = x.sub(x.mean(-1, { keepDims: true }));
    const variance = centered.mul(centered).mean(-1, { keepDims: true });
    const normal = centered.mul(variance.add(1e-5).rsqrt());
    const [root, strength] = [this.#root, this.#strength];
    const bent = normal.mul(root).clamp(-STEEP, STEEP).tanh().div(root);
    return normal.mul(1 - strength).add(bent.mul(strength))
      .mul(this.weight).add(this.bias);
  }
}

/** `zspace_layer_norm`: {@linkcode ZSpaceLayerNorm} by name. */
export const zspaceLayerNormDefinition: ModuleDefinition<
  ZSpaceLayerNormConfig
> = {
  type: "zspace_layer_norm",
  displayName: "ZSpace layer norm",
  description: "Normalizes rows, and bends each feature.",
  category: "Normalization",
  config: {
    type: "object",
    properties: {
      ...FEATURES_PROPERTY,
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
      strength: { type: "number", minimum: 0, maximum: 1, default: 1 },
    },
    required: ["features"],
  },
  inferShape: keepFeatures,
  create: (config) => new ZSpaceLayerNorm(config),
};
