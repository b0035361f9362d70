import {
  ones,
  optionsOf,
  type Tensor,
  tensor,
  zeros,
} from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { OptionChecks } from "../check_options.ts";
import {
  Bend,
  BEND_PROPERTIES,
  type BendConfig,
  type BendOptions,
} from "./bend.ts";
import {
  assertFeatures,
  FEATURES_PROPERTY,
  keepFeatures,
} from "./feature_layer.ts";

/** Settings of a gate in a config. */
export interface WaveGateConfig extends BendConfig {
  /** Size of the last axis. */
  readonly features: number;
  /**
   * What factors begin as: ones, or the small waves of an older implementation.
   *
   * @default {"ones"}
   */
  readonly init?: "ones" | "classic";
}

/** Options of {@linkcode WaveGate}. */
export type WaveGateOptions = WaveGateConfig & BendOptions;

/**
 * Scales and shifts features, and bends the rows into the ball: `exp0(saturate(x g + b))`.
 *
 * **Shapes**: `x [..., features] -> y [..., features]`; `gate [features]`, `bias [features]`.
 */
export class WaveGate extends Module {
  /** What features are multiplied by. */
  readonly gate: Parameter;
  /** What is added to them. */
  readonly bias: Parameter;
  readonly #bend: Bend;
  readonly #features: number;

  /**
   * Constructs a new instance.
   *
   * @param options Number of features, curvature, geometry.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if another option is out of range.
   */
  constructor(options: WaveGateOptions) {
    super();
    const { features, init = "ones", ...bend } = optionsOf(
      "WaveGate",
      options,
    );
    const checks = new OptionChecks("WaveGate");
    checks.count("features", features);
    checks.oneOf("init", init, ["ones", "classic"]);
    checks.end();
    this.#bend = new Bend("WaveGate", bend);
    this.#features = features;
    this.gate = new Parameter(
      init === "ones" ? ones([features]) : classicWave(features),
    );
    this.bias = new Parameter(zeros([features]));
  }

  /**
   * Describes the gated rows.
   *
   * @param x Rows, `[..., features]`.
   * @returns Rows inside the ball, `[..., features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertFeatures("WaveGate", x, this.#features);
    return this.#bend.apply(x.mul(this.gate).add(this.bias));
  }
}

function classicWave(features: number): Tensor {
  return tensor(
    Float32Array.from(
      { length: features },
      (_, j) => 0.1 * Math.sin(0.01 * (j + 1)),
    ),
  );
}

/** `wave_gate`: {@linkcode WaveGate} by name. */
export const waveGateDefinition: ModuleDefinition<WaveGateConfig> = {
  type: "wave_gate",
  displayName: "Wave gate",
  description: "Scales and shifts features, and bends the rows into the ball.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      ...FEATURES_PROPERTY,
      ...BEND_PROPERTIES,
      init: { type: "string", enum: ["ones", "classic"], default: "ones" },
    },
    required: ["features"],
  },
  inferShape: keepFeatures,
  create: (config) => new WaveGate(config),
};
