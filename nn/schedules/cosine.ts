import { optionsOf } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import type { Schedule } from "./schedule.ts";

/** Options of {@linkcode cosine}. */
export interface CosineOptions {
  /**
   * The factor at the end.
   *
   * @default {0}
   */
  readonly final?: number;
}

/**
 * A learning rate that falls along half a cosine: slowly, then fast, then slowly.
 *
 * **Source**: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017),
 * equation 5, without restarts.
 *
 * @example From the whole rate to none
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { cosine } from "@spiraltorch/spiraltorch/nn";
 *
 * const schedule = cosine();
 * assertAlmostEquals(schedule(0), 1);
 * assertAlmostEquals(schedule(0.5), 0.5);
 * ```
 *
 * @param options The factor at the end.
 * @returns The schedule.
 * @throws {OptionError} `INVALID_OPTION` if `final` is no number from 0.
 */
export function cosine(options?: CosineOptions): Schedule {
  const { final = 0 } = optionsOf("cosine", options);
  assertNumber("cosine final", final, { min: 0 });
  return (share) => final + (1 - final) * (1 + Math.cos(Math.PI * share)) / 2;
}

/** `cosine`: {@linkcode cosine} by name. */
export const cosineDefinition: ModuleDefinition<CosineOptions> = {
  type: "cosine",
  displayName: "cosine",
  description: "Falls along half a cosine: slowly, then fast, then slowly.",
  category: "Schedule",
  config: {
    type: "object",
    properties: {
      final: { type: "number", minimum: 0, default: 0 },
    },
  },
  create: (config) => cosine(config),
};
