import { ones, optionsOf, type Tensor } from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { OptionChecks } from "../check_options.ts";
import {
  assertFeatures,
  FEATURES_PROPERTY,
  keepFeatures,
} from "./feature_layer.ts";

/**
 * Scales features: `x g`.
 *
 * **Shapes**: `x [..., features] -> y [..., features]`; `gate [features]`, ones at first.
 */
export class ZSpaceMixer extends Module {
  /** What features are multiplied by. */
  readonly gate: Parameter;
  readonly #features: number;

  /**
   * Constructs a new instance.
   *
   * @param options Number of features.
   * @throws {OptionError} `INVALID_OPTION` if it is no whole number from 1 on.
   */
  constructor(options: { readonly features: number }) {
    super();
    const { features } = optionsOf("ZSpaceMixer", options);
    const checks = new OptionChecks("ZSpaceMixer");
    checks.count("features", features);
    checks.end();
    this.#features = features;
    this.gate = new Parameter(ones([features]));
  }

  /**
   * Describes the scaled rows.
   *
   * @param x Rows, `[..., features]`.
   * @returns Rows, `[..., features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertFeatures("ZSpaceMixer", x, this.#features);
    return x.mul(this.gate);
  }
}

/** `zspace_mixer`: {@linkcode ZSpaceMixer} by name. */
export const zspaceMixerDefinition: ModuleDefinition<
  { readonly features: number }
> = {
  type: "zspace_mixer",
  displayName: "ZSpace mixer",
  description: "Scales features.",
  category: "Layer",
  config: {
    type: "object",
    properties: FEATURES_PROPERTY,
    required: ["features"],
  },
  inferShape: keepFeatures,
  create: (config) => new ZSpaceMixer(config),
};
