import { isPlainObject } from "../../../core/base/mod.ts";
import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import {
  type PreDiscardRegulatorOptions,
  type RegulatorSettings,
  resolveRegulator,
} from "./pre_discard_regulator_options.ts";

/** What one discard was like. */
export interface PreDiscardObservation {
  /** Share of the channels that stayed. */
  readonly preservedRatio: number;
  /** Share of the weight that stayed. */
  readonly survivorEnergyRatio: number;
  /**
   * Whether nothing was left.
   *
   * @default {false}
   */
  readonly fallback?: boolean;
  /** How far the observation is trusted, from 0 to 1; steps are not scaled if left out. */
  readonly confidence?: number;
}

/** Everything that a regulator remembers, as plain JSON. */
export interface PreDiscardRegulatorState {
  /** How far the ratio is from its base. */
  readonly offset: number;
  /** Average share of channels; `null` before the first observation. */
  readonly preserved: number | null;
  /** Average share of weight; `null` before the first observation. */
  readonly energy: number | null;
  /** The last error; `null` before the first observation. */
  readonly error: number | null;
  /** Average change of the error. */
  readonly trend: number;
  /** Sum of errors. */
  readonly integral: number;
  /** What is remembered of fallbacks. */
  readonly memory: number;
}

const START: PreDiscardRegulatorState = {
  offset: 0,
  preserved: null,
  energy: null,
  error: null,
  trend: 0,
  integral: 0,
  memory: 0,
};

/**
 * Steers the dominance ratio of a discard policy, so that the shares of channels and of weight that stay
 * approach what is wanted.
 *
 * With averages `p` and `e` of what is observed: `err = (cw (p - p*) + ew (e - e*)) / (cw + ew)`, and the
 * ratio moves by `-a err`, with what trend, sum, confidence and fallbacks add, each step and the offset
 * from the base bounded.
 *
 * @example Too much has stayed: the ratio goes down
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { PreDiscardRegulator } from "@spiraltorch/spiraltorch/nn";
 *
 * const regulator = new PreDiscardRegulator({
 *   base: 0.5,
 *   targetPreserved: 0.5,
 *   targetEnergy: 0.5,
 * });
 * const ratio = regulator.observe({ preservedRatio: 0.75, survivorEnergyRatio: 0.9 });
 * assertAlmostEquals(ratio, 0.3375, 1e-12);
 * ```
 */
export class PreDiscardRegulator {
  readonly #settings: RegulatorSettings;
  #state: PreDiscardRegulatorState = START;

  /**
   * Constructs a new instance.
   *
   * @param options What is wanted, and how strongly it is steered to.
   * @throws {OptionError} `INVALID_OPTION` with every option that is out of range.
   */
  constructor(options: PreDiscardRegulatorOptions) {
    this.#settings = resolveRegulator(options);
  }

  /** The dominance ratio that is to be used next. */
  get dominanceRatio(): number {
    return clamp(this.#settings.base + this.#state.offset, 0, 1);
  }

  /** Everything that is remembered, as plain JSON. */
  get state(): PreDiscardRegulatorState {
    return { ...this.#state };
  }

  /**
   * Goes back to a state, of this regulator or of another one.
   *
   * @param state The state, as JSON gave it back.
   * @throws {OptionError} `INVALID_OPTION` if it is no such state; nothing has changed then.
   */
  restore(state: unknown): void {
    const found = isPlainObject(state) ? state : {};
    const checks = new OptionChecks("the state of a PreDiscardRegulator");
    const read: Record<string, number | null> = {};
    for (const [name, start] of Object.entries(START)) {
      const value: unknown = found[name];
      const isFine = typeof value === "number" && Number.isFinite(value) ||
        value === null && start === null;
      const range = start === null ? "a finite number or null" : "a number";
      checks.when(!isFine, { name, value, range });
      read[name] = value as number | null; // as checked
    }
    checks.end();
    this.#state = { ...START, ...read };
  }

  /**
   * Takes note of a discard.
   *
   * @param observation What it was like.
   * @returns The dominance ratio that is to be used next.
   * @throws {OptionError} `INVALID_OPTION` if a share or the confidence is not from 0 to 1; nothing has
   * changed then.
   */
  observe(observation: PreDiscardObservation): number {
    const {
      preservedRatio,
      survivorEnergyRatio,
      fallback = false,
      confidence,
    } = optionsOf("an observation", observation);
    const checks = new OptionChecks("an observation of a discard");
    const share = { min: 0, max: 1 };
    checks.number("preservedRatio", preservedRatio, share);
    checks.number("survivorEnergyRatio", survivorEnergyRatio, share);
    checks.oneOf("fallback", fallback, [true, false]);
    if (confidence !== undefined) {
      checks.number("confidence", confidence, share);
    }
    checks.end();
    const { smoothing, fallbackMemory } = this.#settings;
    const { preserved, energy, memory } = this.#state;
    const average = (past: number | null, now: number) =>
      past === null ? now : smoothing * past + (1 - smoothing) * now;
    const errors = this.#errors(
      average(preserved, preservedRatio),
      average(energy, survivorEnergyRatio),
    );
    const fell = fallback ? 1 : 0;
    const step = this.#step(errors, { fallbacks: fell + memory, confidence });
    this.#state = {
      ...errors,
      offset: this.#move(step, errors.error),
      memory: fallbackMemory * (memory + fell),
    };
    return this.dominanceRatio;
  }

  /** How far averages are from what is wanted, and what that adds up to. */
  #errors(preserved: number, energy: number) {
    const settings = this.#settings;
    const { channelWeight, energyWeight, trendSmoothing } = settings;
    const former = this.#state;
    const raw = (channelWeight * (preserved - settings.targetPreserved) +
      energyWeight * (energy - settings.targetEnergy)) /
      (channelWeight + energyWeight);
    const error = Math.abs(raw) <= settings.deadband ? 0 : raw;
    const trend = former.error === null ? 0 : trendSmoothing * former.trend +
      (1 - trendSmoothing) * (error - former.error);
    const { integralDecay, integralLimit } = settings;
    const integral = clamp(
      integralDecay * former.integral + error,
      -integralLimit,
      integralLimit,
    );
    return { preserved, energy, error, trend, integral };
  }

  #step(
    { error, trend, integral }: {
      readonly error: number;
      readonly trend: number;
      readonly integral: number;
    },
    { fallbacks, confidence }: {
      readonly fallbacks: number;
      readonly confidence: number | undefined;
    },
  ): number {
    const { aggressiveness, momentum, integralGain, fallbackPenalty, maxStep } =
      this.#settings;
    const answer = -aggressiveness * (error + momentum * trend);
    const step = answer * this.#trust(confidence) -
      aggressiveness * integralGain * integral - fallbackPenalty * fallbacks;
    return clamp(step, -maxStep, maxStep);
  }

  #trust(confidence: number | undefined): number {
    const limits = this.#settings.confidence;
    if (limits === undefined || confidence === undefined) return 1;
    const { floor, gain } = limits;
    return confidence < floor
      ? confidence / floor
      : 1 + gain * (confidence - floor);
  }

  #move(step: number, error: number): number {
    const { maxOffset, equilibriumDecay } = this.#settings;
    const offset = clamp(this.#state.offset + step, -maxOffset, maxOffset);
    return error === 0 ? offset * (1 - equilibriumDecay) : offset;
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
