import { optionsOf } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import type { Schedule } from "./schedule.ts";

/** Options of {@linkcode step}. */
export interface StepOptions {
  /** After which share of all steps the rate falls, again and again. */
  readonly every: number;
  /**
   * What is left of the rate each time.
   *
   * @default {0.1}
   */
  readonly factor?: number;
}

/**
 * A learning rate that falls at once, now and then.
 *
 * @example A tenth after each half
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { step } from "@spiraltorch/spiraltorch/nn";
 *
 * const schedule = step({ every: 0.5 });
 * assertEquals([schedule(0.4), schedule(0.6)], [1, 0.1]);
 * ```
 *
 * @param options When it falls, and by how much.
 * @returns The schedule.
 * @throws {OptionError} `INVALID_OPTION` if `every` is not above 0, or `factor` no number from 0.
 */
export function step(options: StepOptions): Schedule {
  const { every, factor = 0.1 } = optionsOf("step", options);
  assertNumber("step every", every, { min: Number.MIN_VALUE });
  assertNumber("step factor", factor, { min: 0 });
  return (share) => factor ** Math.floor(share / every);
}

/** `step`: {@linkcode step} by name. */
export const stepDefinition: ModuleDefinition<StepOptions> = {
  type: "step",
  displayName: "step",
  description: "Falls at once, now and then.",
  category: "Schedule",
  config: {
    type: "object",
    properties: {
      every: { type: "number", exclusiveMinimum: 0 },
      factor: { type: "number", minimum: 0, default: 0.1 },
    },
    required: ["every"],
  },
  create: (config) => step(config),
};
