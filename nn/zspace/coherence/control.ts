import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import type { CoherenceDiagnostics } from "./diagnostics.ts";
import { summarizeSimplex } from "./simplex.ts";

/** Numbers by which a pass can be steered. */
export interface SpectralControl {
  /** How concentrated the weights are, from 0 to 1. */
  readonly spectralRadius: number;
  /** Their entropy as a share of the largest possible. */
  readonly spectralEntropy: number;
  /** Energy of the dominant channel, where weights are concentrated. */
  readonly spectralPressure: number;
  /** How many channels there would be if they were all alike. */
  readonly effectiveChannels: number;
}

/** Partial metrics, each between -1 and 1. */
export interface PartialMetrics {
  /** How fast one channel wins. */
  readonly speed: number;
  /** How far weight leans to the first channels. */
  readonly memory: number;
  /** How evenly weight is spread, reversed. */
  readonly stability: number;
  /** How strongly neighbors are smoothed. */
  readonly frac: number;
  /** How far the dominant channel is from holding half. */
  readonly drs: number;
}

/** How strongly metrics respond. Each is 1 if left out, and at least 0. */
export interface PartialGains {
  /** Gain of `speed`. */
  readonly speed?: number;
  /** Gain of `memory`. */
  readonly memory?: number;
  /** Gain of `stability`. */
  readonly stability?: number;
  /** Gain of `frac`. */
  readonly frac?: number;
  /** Gain of `drs`. */
  readonly drs?: number;
}

/** What control is derived from. */
export type ControlInput = Pick<
  CoherenceDiagnostics,
  "normalizedWeights" | "energyRatio" | "zBias" | "beta"
>;

/**
 * Derives what a pass can be steered by.
 *
 * @param input What the pass says about itself. Its shares are checked again.
 * @returns The numbers.
 * @throws {ZSpaceError} `NOT_A_DISTRIBUTION` if the shares are none.
 */
export function controlOf(
  input: Pick<
    ControlInput,
    "normalizedWeights" | "energyRatio"
  >,
): SpectralControl {
  const { normalizedWeights, energyRatio } = optionsOf("controlOf", input);
  const { concentration, normalizedEntropy, effectiveChannels } =
    summarizeSimplex(normalizedWeights);
  const checks = new OptionChecks("controlOf");
  checks.number("energyRatio", energyRatio);
  checks.end();
  return {
    spectralRadius: concentration,
    spectralEntropy: normalizedEntropy,
    spectralPressure: energyRatio * (1 - normalizedEntropy),
    effectiveChannels,
  };
}

/**
 * Derives partial metrics, squashed by `tanh`.
 *
 * @param input What the pass says about itself.
 * @param gains How strongly they respond.
 * @returns The metrics.
 * @throws {ZSpaceError} `NOT_A_DISTRIBUTION` if the shares are none.
 * @throws {OptionError} `INVALID_OPTION` if a gain is negative or not finite.
 */
export function partialMetricsOf(
  input: ControlInput,
  gains?: PartialGains,
): PartialMetrics {
  const { speed = 1, memory = 1, stability = 1, frac = 1, drs = 1 } = optionsOf(
    "partial metrics",
    gains,
  );
  const { zBias, beta, energyRatio } = optionsOf("partial metrics", input);
  const checks = new OptionChecks("partial metrics");
  for (
    const [name, gain] of Object.entries({
      speed,
      memory,
      stability,
      frac,
      drs,
    })
  ) checks.number(name, gain, { min: 0 });
  checks.number("zBias", zBias);
  checks.number("beta", beta);
  checks.end();
  const { spectralRadius, spectralEntropy } = controlOf(input);
  return {
    speed: Math.tanh(speed * spectralRadius),
    memory: Math.tanh(memory * zBias),
    stability: Math.tanh(stability * (1 - 2 * spectralEntropy)),
    frac: Math.tanh(frac * beta),
    drs: Math.tanh(drs * (energyRatio - 0.5)),
  };
}
