import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";

/** Options of {@linkcode PreDiscardRegulator}. */
export interface PreDiscardRegulatorOptions {
  /** The dominance ratio that it starts from. */
  readonly base: number;
  /** Share of the channels that is to stay. */
  readonly targetPreserved: number;
  /** Share of the weight that is to stay. */
  readonly targetEnergy: number;
  /**
   * How much of the past averages of what is observed keep.
   *
   * @default {0.25}
   */
  readonly smoothing?: number;
  /**
   * How strongly an error is answered.
   *
   * @default {0.5}
   */
  readonly aggressiveness?: number;
  /**
   * The longest step.
   *
   * @default {0.2}
   */
  readonly maxStep?: number;
  /**
   * The farthest from `base`, on both sides.
   *
   * @default {0.5}
   */
  readonly maxOffset?: number;
  /**
   * How much the share of channels counts.
   *
   * @default {0.5}
   */
  readonly channelWeight?: number;
  /**
   * How much the share of weight counts.
   *
   * @default {0.5}
   */
  readonly energyWeight?: number;
  /**
   * What a fallback takes off a step.
   *
   * @default {0.1}
   */
  readonly fallbackPenalty?: number;
  /**
   * How much of the memory of fallbacks is kept from one observation to the next.
   *
   * @default {0}
   */
  readonly fallbackMemory?: number;
  /**
   * The magnitude up to which an error is none.
   *
   * @default {0}
   */
  readonly deadband?: number;
  /**
   * How strongly the error's trend is answered.
   *
   * @default {0}
   */
  readonly momentum?: number;
  /**
   * How much of the past the trend keeps.
   *
   * @default {0.5}
   */
  readonly trendSmoothing?: number;
  /**
   * How strongly the sum of errors is answered.
   *
   * @default {0}
   */
  readonly integralGain?: number;
  /**
   * The largest magnitude of that sum.
   *
   * @default {1}
   */
  readonly integralLimit?: number;
  /**
   * How much of that sum is kept from one observation to the next.
   *
   * @default {1}
   */
  readonly integralDecay?: number;
  /**
   * How much of the offset goes where there is no error.
   *
   * @default {0}
   */
  readonly equilibriumDecay?: number;
  /** How confidence scales steps; not at all if left out. */
  readonly confidence?: {
    /** Confidence below which steps get shorter, above 0. */
    readonly floor: number;
    /** How much longer steps get above it. */
    readonly gain: number;
  };
}

/** Options with everything filled in. */
export type RegulatorSettings =
  & Required<Omit<PreDiscardRegulatorOptions, "confidence">>
  & Pick<PreDiscardRegulatorOptions, "confidence">;

/**
 * Checks options and fills in what is left out.
 *
 * @param options The options.
 * @returns All of them.
 * @throws {OptionError} `INVALID_OPTION` with every option that is out of range.
 */
export function resolveRegulator(
  options: PreDiscardRegulatorOptions,
): RegulatorSettings {
  const settings: RegulatorSettings = {
    smoothing: 0.25,
    aggressiveness: 0.5,
    maxStep: 0.2,
    maxOffset: 0.5,
    channelWeight: 0.5,
    energyWeight: 0.5,
    fallbackPenalty: 0.1,
    fallbackMemory: 0,
    deadband: 0,
    momentum: 0,
    trendSmoothing: 0.5,
    integralGain: 0,
    integralLimit: 1,
    integralDecay: 1,
    equilibriumDecay: 0,
    ...optionsOf("PreDiscardRegulator", options),
  };
  check(settings);
  return settings;
}

const UNIT = { min: 0, max: 1 } as const;

/** The options that lie between 0 and 1; the others have no upper limit. */
const SHARES: ReadonlySet<string> = new Set([
  "base",
  "targetPreserved",
  "targetEnergy",
  "maxOffset",
  "maxStep",
  "integralDecay",
  "equilibriumDecay",
]);

/** The options that keep part of the past, and never all of it. */
const KEPT: ReadonlySet<string> = new Set([
  "smoothing",
  "trendSmoothing",
  "fallbackMemory",
]);

function check({ confidence, ...numbers }: RegulatorSettings): void {
  const checks = new OptionChecks("PreDiscardRegulator");
  for (const [name, value] of Object.entries(numbers)) {
    if (KEPT.has(name)) checks.share(name, value);
    else checks.number(name, value, SHARES.has(name) ? UNIT : { min: 0 });
  }
  const { channelWeight, energyWeight } = numbers;
  checks.when(channelWeight === 0 && energyWeight === 0, {
    name: "energyWeight",
    value: energyWeight,
    range: "a number above 0, as channelWeight is 0",
  });
  if (confidence !== undefined) {
    const { floor, gain } = optionsOf("confidence", confidence);
    const range = "a number above 0, up to 1";
    checks.when(!(floor > 0 && floor <= 1), {
      name: "confidence.floor",
      value: floor,
      range,
    });
    checks.number("confidence.gain", gain, { min: 0 });
  }
  checks.end();
}
