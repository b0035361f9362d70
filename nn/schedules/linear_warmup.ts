import { assertFunction } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { constant } from "./constant.ts";
import { cosine } from "./cosine.ts";
import type { Schedule } from "./schedule.ts";

/** Options of {@linkcode linearWarmup}. */
export interface WarmupOptions {
  /**
   * The share of all steps that it takes.
   *
   * @default {0.1}
   */
  readonly share?: number;
  /** What follows, over what is left; the whole rate if left out. */
  readonly then?: Schedule;
}

/**
 * A learning rate that grows in a line from 0, before another schedule begins.
 *
 * **Source**: Goyal et al., "Accurate, large minibatch SGD" (2017), §2.2.
 *
 * @example Half of the rate in the middle of a tenth
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { cosine, linearWarmup } from "@spiraltorch/spiraltorch/nn";
 *
 * const schedule = linearWarmup({ share: 0.1, then: cosine() });
 * assertAlmostEquals(schedule(0.05), 0.5);
 * assertAlmostEquals(schedule(0.1), 1);
 * assertAlmostEquals(schedule(0.55), 0.5);
 * ```
 *
 * @param options How long it takes, and what follows.
 * @returns The schedule.
 * @throws {OptionError} `INVALID_OPTION` if `share` is not from 0 below 1.
 */
export function linearWarmup(options?: WarmupOptions): Schedule {
  const { share: warm = 0.1, then = () => 1 } = optionsOf(
    "linearWarmup",
    options,
  );
  assertNumber("linearWarmup share", warm, { min: 0, below: 1 });
  assertFunction("linearWarmup then", then);
  return (share) =>
    share < warm ? share / warm : then((share - warm) / (1 - warm));
}

/** Settings of {@linkcode linearWarmup} in a config, with defaults filled in. */
export interface WarmupConfig {
  /** The share of all steps that it takes. */
  readonly share: number;
  /** What follows. */
  readonly then: "constant" | "cosine";
}

/** What may follow, by the name that a config calls it. */
const THEN: Readonly<Record<WarmupConfig["then"], () => Schedule>> = {
  constant,
  cosine,
};

/** `linear_warmup`: {@linkcode linearWarmup} by name. */
export const linearWarmupDefinition: ModuleDefinition<WarmupConfig> = {
  type: "linear_warmup",
  displayName: "linearWarmup",
  description: "Grows in a line from 0, before another schedule begins.",
  category: "Schedule",
  config: {
    type: "object",
    properties: {
      share: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.1 },
      then: {
        type: "string",
        enum: ["constant", "cosine"],
        default: "constant",
      },
    },
  },
  create: ({ share, then }) => linearWarmup({ share, then: THEN[then]() }),
};
