import { assertInstance } from "../../../core/base/mod.ts";
import { ones, optionsOf, type Tensor } from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { OptionChecks } from "../check_options.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";
import {
  assertFeatures,
  FEATURES_PROPERTY,
  keepFeatures,
} from "./feature_layer.ts";

/** Settings of a resonator in a config. */
export interface ResonatorConfig {
  /** Size of the last axis. */
  readonly features: number;
  /**
   * How much comes back each time, from 0 and below 1.
   *
   * @default {0.25}
   */
  readonly coupling?: number;
  /**
   * How often it comes back, from 1 to 4096.
   *
   * @default {4}
   */
  readonly iterations?: number;
}

/** Options of {@linkcode ToposResonator}. */
export interface ResonatorOptions extends ResonatorConfig {
  /** What bounds values and repetitions; one of curvature -1 if left out. */
  readonly topos?: OpenCartesianTopos;
}

/**
 * Feeds bounded features back: `r ← saturate(x g + κ r)`, from 0, some times.
 *
 * **Shapes**: `x [..., features] -> y [..., features]`; `gate [features]`, ones at first.
 *
 * **Numerics**: the result is at most `1/(1 - κ)` times `x g`. Gradients pass through every repetition.
 */
export class ToposResonator extends Module {
  /** What features are multiplied by. */
  readonly gate: Parameter;
  readonly #topos: OpenCartesianTopos;
  readonly #features: number;
  readonly #coupling: number;
  readonly #iterations: number;

  /**
   * Constructs a new instance.
   *
   * @param options Number of features, coupling, repetitions.
   * @throws {OptionError} `INVALID_OPTION` if a number is out of its range.
   * @throws {ZSpaceError} `DEPTH_EXCEEDED` if there are more repetitions than the topos allows.
   */
  constructor(options: ResonatorOptions) {
    super();
    const {
      features,
      coupling = 0.25,
      iterations = 4,
      topos = new OpenCartesianTopos({ curvature: -1 }),
    } = optionsOf("ToposResonator", options);
    const checks = new OptionChecks("ToposResonator");
    checks.count("features", features);
    checks.share("coupling", coupling);
    checks.count("iterations", iterations, { max: 4096 });
    checks.end();
    assertInstance("ToposResonator topos", topos, OpenCartesianTopos);
    topos.ensureDepth(iterations);
    this.gate = new Parameter(ones([features]));
    this.#topos = topos;
    this.#features = features;
    this.#coupling = coupling;
    this.#iterations = iterations;
  }

  /**
   * Describes the features fed back.
   *
   * @param x Rows, `[..., features]`.
   * @returns Rows, `[..., features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertFeatures("ToposResonator", x, this.#features);
    const input = x.mul(this.gate);
    let state = this.#topos.saturate(input);
    for (let i = 1; i < this.#iterations; i++) {
      state = this.#topos.saturate(input.add(state.mul(this.#coupling)));
    }
    return state;
  }
}

/** `topos_resonator`: {@linkcode ToposResonator} by name. */
export const toposResonatorDefinition: ModuleDefinition<ResonatorConfig> = {
  type: "topos_resonator",
  displayName: "Topos resonator",
  description: "Feeds bounded features back some times.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      ...FEATURES_PROPERTY,
      coupling: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.25,
      },
      iterations: { type: "integer", minimum: 1, maximum: 4096, default: 4 },
    },
    required: ["features"],
  },
  inferShape: keepFeatures,
  create: (config) => new ToposResonator(config),
};
