import { optionsOf } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { cosine } from "./cosine.ts";
import type { Schedule } from "./schedule.ts";

/** Options of {@linkcode oneCycle}. */
export interface OneCycleOptions {
  /**
   * The share of all steps in which the rate rises.
   *
   * @default {0.3}
   */
  readonly rise?: number;
  /**
   * The factor at the start.
   *
   * @default {0.04}
   */
  readonly initial?: number;
  /**
   * The factor at the end.
   *
   * @default {0.000004}
   */
  readonly final?: number;
}

/**
 * A learning rate that rises to the optimizer's own and falls to next to nothing, along cosines.
 *
 * **Source**: Smith, Topin, "Super-convergence" (2018), with PyTorch's cosines and numbers.
 *
 * @example From a part to the whole and down
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { oneCycle } from "@spiraltorch/spiraltorch/nn";
 *
 * const schedule = oneCycle();
 * assertAlmostEquals(schedule(0), 0.04);
 * assertAlmostEquals(schedule(0.3), 1);
 * assertAlmostEquals(schedule(0.65), 0.5, 1e-5);
 * ```
 *
 * @param options How long it rises, and the factors at both ends.
 * @returns The schedule.
 * @throws {OptionError} `INVALID_OPTION` if `rise` is not above 0 and below 1, or a factor no number
 * from 0.
 */
export function oneCycle(options?: OneCycleOptions): Schedule {
  const { rise = 0.3, initial = 0.04, final = 4e-6 } = optionsOf(
    "oneCycle",
    options,
  );
  assertNumber("oneCycle rise", rise, { min: Number.MIN_VALUE, below: 1 });
  assertNumber("oneCycle initial", initial, { min: 0 });
  const fall = cosine({ final });
  return (share) => {
    if (share >= rise) return fall((share - rise) / (1 - rise));
    const risen = (1 - Math.cos(Math.PI * share / rise)) / 2;
    return initial + (1 - initial) * risen;
  };
}

/** `one_cycle`: {@linkcode oneCycle} by name. */
export const oneCycleDefinition: ModuleDefinition<OneCycleOptions> = {
  type: "one_cycle",
  displayName: "oneCycle",
  description: "Rises to the learning rate and falls to next to nothing.",
  category: "Schedule",
  config: {
    type: "object",
    properties: {
      rise: {
        type: "number",
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.3,
      },
      initial: { type: "number", minimum: 0, default: 0.04 },
      final: { type: "number", minimum: 0, default: 4e-6 },
    },
  },
  create: (config) => oneCycle(config),
};
