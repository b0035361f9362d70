import { optionsOf } from "../../../ops/mod.ts";
import { assertNumbers } from "../../check/assert_numbers.ts";
import { OptionChecks } from "../check_options.ts";
import type { CoherenceDiagnostics } from "./diagnostics.ts";

/** What a forward pass was like, in a word. */
export type CoherenceLabel =
  | "background"
  | "symmetric_pulse"
  | "cascade_imbalance"
  | "diffuse_drift";

/** A label, and why it was given. */
export interface LabeledCoherence {
  /** The label. */
  readonly label: CoherenceLabel;
  /** One line that says why. */
  readonly reason: string;
}

/** Where the limits of labels lie. */
export interface LabelOptions {
  /**
   * The energy ratio up to which there is nothing but background.
   *
   * @default {1e-5}
   */
  readonly backgroundMax?: number;
  /**
   * The energy ratio from which one channel rules.
   *
   * @default {0.7}
   */
  readonly cascadeMin?: number;
}

/**
 * Tells whether weights are so alike that exchanging channels changes nothing.
 *
 * @param weights The weights.
 * @returns Whether they differ by no more than a ten-thousandth of the largest, or by 1e-6.
 */
export function isSwapInvariant(weights: readonly number[]): boolean {
  assertNumbers("weights of isSwapInvariant", weights);
  const largest = Math.max(...weights.map(Math.abs));
  const spread = Math.max(...weights) - Math.min(...weights);
  return spread <= Math.max(1e-4 * largest, 1e-6);
}

/**
 * Says in a word what a forward pass was like. The first that applies: `background` where the dominant
 * channel holds next to nothing, `symmetric_pulse` where all channels weigh alike,
 * `cascade_imbalance` where one holds most, else `diffuse_drift`.
 *
 * @param diagnostics What the pass says about itself.
 * @param options Where the limits lie.
 * @returns The label, and why.
 * @throws {OptionError} `INVALID_OPTION` if a limit is not from 0 to 1.
 */
export function labelCoherence(
  diagnostics: Pick<
    CoherenceDiagnostics,
    "energyRatio" | "channelWeights" | "dominantChannel"
  >,
  options?: LabelOptions,
): LabeledCoherence {
  const { energyRatio, channelWeights, dominantChannel } = optionsOf(
    "labelCoherence",
    diagnostics,
  );
  const { backgroundMax = 1e-5, cascadeMin = 0.7 } = optionsOf(
    "labelCoherence",
    options,
  );
  const checks = new OptionChecks("labelCoherence");
  checks.number("backgroundMax", backgroundMax, { min: 0, max: 1 });
  checks.number("cascadeMin", cascadeMin, { min: 0, max: 1 });
  assertNumbers("weights of labelCoherence", channelWeights);
  checks.number("energyRatio", energyRatio);
  checks.count("dominantChannel", dominantChannel, { min: 0 });
  checks.end();
  const share = energyRatio.toPrecision(3);
  const holds = `channel ${dominantChannel} holds ${share} of the magnitude`;
  if (energyRatio <= backgroundMax) {
    return {
      label: "background",
      reason: `${holds}, at most ${backgroundMax}`,
    };
  }
  if (isSwapInvariant(channelWeights)) {
    return {
      label: "symmetric_pulse",
      reason: `${channelWeights.length} channels weigh alike`,
    };
  }
  return energyRatio >= cascadeMin
    ? { label: "cascade_imbalance", reason: `${holds}, at least ${cascadeMin}` }
    : {
      label: "diffuse_drift",
      reason: `${holds}, less than ${cascadeMin}`,
    };
}
