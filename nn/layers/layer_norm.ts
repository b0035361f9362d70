import { shapeMismatch } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import {
  lastAxisShape,
  NORM_SCHEMA,
  type NormConfig,
  normSettings,
} from "./norm_config.ts";
import { applyScaleAndShift, scaleAndShift } from "./scale_and_shift.ts";

/**
 * Brings the features of each place to mean 0 and variance 1: `y = (x - mean) / √(variance + ε) γ + β`.
 *
 * **Shapes**: `x [..., features] -> y [..., features]`; `weight [features]`, `bias [features]`.
 *
 * **Numerics**: the variance is divided by the number of features; `weight` starts with 1, `bias` with
 * 0.
 *
 * **Source**: Ba, Kiros, Hinton, "Layer normalization" (2016), equation 3.
 *
 * @example Two features
 * ```ts
 * import { LayerNorm } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 *
 * const y = new LayerNorm({ features: 2 }).forward(tensor([[3, 5]]));
 * assertClose(await y.data(), [-1, 1], { tolerance: 1e-5 });
 * ```
 */
export class LayerNorm extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<NormConfig>;
  /** What features are multiplied by, `[features]`, if they are. */
  readonly weight: Parameter | undefined;
  /** What is added, `[features]`, if anything is. */
  readonly bias: Parameter | undefined;

  /**
   * Constructs a new instance.
   *
   * @param config How many features, and what is learned.
   * @throws {OptionError} `INVALID_OPTION` if `features` is no whole number above 0, or `epsilon` no
   * number from 0.
   */
  constructor(config: NormConfig) {
    super();
    this.settings = normSettings("LayerNorm", config);
    ({ weight: this.weight, bias: this.bias } = scaleAndShift(this.settings));
  }

  /**
   * Describes the features after the norm.
   *
   * @param x The features, `[..., features]`.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("LayerNorm", x);
    const { features, epsilon } = this.settings;
    if (x.shape.at(-1) !== features) {
      throw shapeMismatch("LayerNorm", x.shape, [features], {
        rule: "the last axis must have as many places as there are features",
      });
    }
    return applyScaleAndShift(x.layerNorm(-1, { epsilon }), this, [features]);
  }
}

/** `layer_norm`: {@linkcode LayerNorm} by name. */
export const layerNormDefinition: ModuleDefinition<NormConfig> = {
  type: "layer_norm",
  displayName: "LayerNorm",
  description: "The features of each place with mean 0 and variance 1.",
  category: "Normalization",
  config: NORM_SCHEMA,
  inferShape: ({ features }, [x]) => lastAxisShape(x!, features),
  create: (config) => new LayerNorm(config),
  toConfig: (module) =>
    module instanceof LayerNorm ? module.settings : undefined,
};
