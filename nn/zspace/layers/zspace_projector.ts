import { optionsOf, type Tensor } from "../../../ops/mod.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { OptionChecks } from "../check_options.ts";
import {
  Bend,
  BEND_PROPERTIES,
  type BendConfig,
  type BendOptions,
} from "./bend.ts";

/** Settings of a projector in a config. */
export interface ProjectorConfig extends BendConfig {
  /**
   * How far rows are bent, from 0 to 1.
   *
   * @default {1}
   */
  readonly strength?: number;
}

/** Options of {@linkcode ZSpaceProjector}. */
export type ProjectorOptions = ProjectorConfig & BendOptions;

/**
 * Bends rows into the ball, all the way or part of it: `y = (1 - ρ) x + ρ exp0(saturate(x))`.
 *
 * **Shapes**: `x [..., d] -> y [..., d]`. No parameters.
 */
export class ZSpaceProjector extends Module {
  readonly #bend: Bend;
  readonly #strength: number;

  /**
   * Constructs a new instance.
   *
   * @param options Curvature, geometry and strength.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if another option is out of range.
   */
  constructor(options?: ProjectorOptions) {
    super();
    const { strength = 1, ...bend } = optionsOf("ZSpaceProjector", options);
    const checks = new OptionChecks("ZSpaceProjector");
    checks.number("strength", strength, { min: 0, max: 1 });
    checks.end();
    this.#bend = new Bend("ZSpaceProjector", bend);
    this.#strength = strength;
  }

  /**
   * Describes the bent rows.
   *
   * @param x Rows, `[..., d]`.
   * @returns Rows, `[..., d]`.
   */
  override forward(x: Tensor): Tensor {
    const inside = this.#bend.apply(x);
    const strength = this.#strength;
    return strength === 1
      ? inside
      : x.mul(1 - strength).add(inside.mul(strength));
  }
}

/** `zspace_projector`: {@linkcode ZSpaceProjector} by name. */
export const projectorDefinition: ModuleDefinition<ProjectorConfig> = {
  type: "zspace_projector",
  displayName: "ZSpace projector",
  description: "Bends rows into the ball, all the way or part of it.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      ...BEND_PROPERTIES,
      strength: { type: "number", minimum: 0, maximum: 1, default: 1 },
    },
  },
  inferShape: (_, [x]) => [...x!],
  create: (config) => new ZSpaceProjector(config),
};
