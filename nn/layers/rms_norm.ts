import { shapeMismatch } from "../../core/base/mod.ts";
import { ones, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import {
  lastAxisShape,
  NORM_SCHEMA,
  type NormConfig,
  normSettings,
} from "./norm_config.ts";

/**
 * Divides the features of each place by the root of their mean square: `y = x / √(mean x² + ε) γ`.
 *
 * **Shapes**: `x [..., features] -> y [..., features]`; `weight [features]`.
 *
 * **Numerics**: `weight` starts with 1.
 *
 * **Source**: Zhang, Sennrich, "Root mean square layer normalization" (2019), equation 4.
 */
export class RmsNorm extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<NormConfig>;
  /** What features are multiplied by, `[features]`, if they are. */
  readonly weight: Parameter | undefined;

  /**
   * Constructs a new instance.
   *
   * @param config How many features, and whether they are scaled.
   * @throws {OptionError} `INVALID_OPTION` if `features` is no whole number above 0, or `epsilon` no
   * number from 0.
   */
  constructor(config: NormConfig) {
    super();
    this.settings = normSettings("RmsNorm", config);
    const { features, affine } = this.settings;
    this.weight = affine ? new Parameter(ones([features])) : undefined;
  }

  /**
   * Describes the features after the norm.
   *
   * @param x The features, `[..., features]`.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("RmsNorm", x);
    const { features, epsilon } = this.settings;
    if (x.shape.at(-1) !== features) {
      throw shapeMismatch("RmsNorm", x.shape, [features], {
        rule: "the last axis must have as many places as there are features",
      });
    }
    const square = x.mul(x).mean(-1, { keepDims: true });
    const y = x.mul(square.add(epsilon).rsqrt());
    return this.weight ? y.mul(this.weight) : y;
  }
}

/** `rms_norm`: {@linkcode RmsNorm} by name. */
export const rmsNormDefinition: ModuleDefinition<NormConfig> = {
  type: "rms_norm",
  displayName: "RmsNorm",
  description: "The features of each place over their root mean square.",
  category: "Normalization",
  config: NORM_SCHEMA,
  inferShape: ({ features }, [x]) => lastAxisShape(x!, features),
  create: (config) => new RmsNorm(config),
  toConfig: (module) => module instanceof RmsNorm ? module.settings : undefined,
};
