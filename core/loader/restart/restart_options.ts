import { invalidOption, optionsOf } from "../../base/mod.ts";
import type { Isolation } from "../../plugin/isolation.ts";

/** How plugins come back whose sandbox has died. */
export interface RestartOptions {
  /**
   * How often in a row it is tried.
   *
   * @default {3}
   */
  readonly attemptsMax?: number;
  /**
   * How long to wait before the first try, in milliseconds; twice as long before each further one.
   *
   * @default {500}
   */
  readonly delayMs?: number;
  /**
   * How long to wait at most, in milliseconds.
   *
   * @default {30_000}
   */
  readonly delayMsMax?: number;
  /**
   * How long plugins have to run until earlier failures no longer count, in milliseconds.
   *
   * @default {60_000}
   */
  readonly calmMs?: number;
}

/** Whether plugins come back whose sandbox has died, and how. */
export type RestartPolicy = "never" | "on-failure" | RestartOptions;

/** How plugins come back, with nothing left out. */
export type RestartPlan = Required<RestartOptions>;

const DEFAULTS: RestartPlan = {
  attemptsMax: 3,
  delayMs: 500,
  delayMsMax: 30_000,
  calmMs: 60_000,
};

/**
 * Checks whether and how plugins come back.
 *
 * @param policy What a caller passed.
 * @param options How far the plugins are kept from the host.
 * @returns How they come back; `undefined` if they do not.
 * @throws {OptionError} `INVALID_OPTION` for what is no such policy, or for plugins without a sandbox.
 */
export function checkRestart(
  policy: RestartPolicy,
  { isolation }: { readonly isolation: Isolation },
): RestartPlan | undefined {
  if (policy === "never") return undefined;
  if (isolation === "inline") {
    const wanted = 'used with isolation "worker" or "process"';
    throw invalidOption("restart", policy, wanted);
  }
  if (policy === "on-failure") return DEFAULTS;
  if (typeof policy === "string") {
    throw invalidOption("restart", policy, '"never", "on-failure" or options');
  }
  const plan = { ...DEFAULTS, ...optionsOf("restart", policy) };
  for (const name of ["delayMs", "delayMsMax", "calmMs"] as const) {
    if (Number.isFinite(plan[name]) && plan[name] > 0) continue;
    throw invalidOption(
      `restart ${name}`,
      plan[name],
      "a finite number above 0",
    );
  }
  if (!Number.isSafeInteger(plan.attemptsMax) || plan.attemptsMax < 1) {
    const wanted = "a whole number above 0";
    throw invalidOption("restart attemptsMax", plan.attemptsMax, wanted);
  }
  return plan;
}
