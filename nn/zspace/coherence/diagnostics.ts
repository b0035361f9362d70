import type { ChannelReport } from "./coherence_engine.ts";
import type { PreDiscardTelemetry } from "./pre_discard.ts";
import { entropyOf } from "./simplex.ts";

/** What averages over all smoothed values say. */
export interface CoherencePulse {
  /** Number of rows. */
  readonly blocks: number;
  /** Mean of all values. */
  readonly mean: number;
  /** Error of that mean: the standard deviation over √count. */
  readonly standardError: number;
  /** The mean in units of its error; 0 where there is none. */
  readonly zScore: number;
  /** Weight of the first third of the channels. */
  readonly above: number;
  /** Weight of the second third. */
  readonly here: number;
  /** Weight of the rest. */
  readonly beneath: number;
}

/** What one forward pass of a sequencer says about itself. */
export interface CoherenceDiagnostics {
  /** Weights, after discards; over all rows, their mean. */
  readonly channelWeights: readonly number[];
  /** The same as shares. */
  readonly normalizedWeights: readonly number[];
  /** What the weights were divided by. */
  readonly normalization: number;
  /** The share of a new value in the moving averages. */
  readonly beta: number;
  /** How many weights were no numbers, or negative. */
  readonly repairs: number;
  /** The channel of the largest weight, the last of equal ones. */
  readonly dominantChannel: number;
  /** Mean of the weights. */
  readonly meanCoherence: number;
  /** How far weight leans to the first channels, scaled by the curvature. */
  readonly zBias: number;
  /** Share of the smoothed magnitude that the dominant channel's columns hold. */
  readonly energyRatio: number;
  /** Entropy of the shares, in nats. */
  readonly entropy: number;
  /** How many channels have any weight. */
  readonly preserved: number;
  /** What can be told of each channel. */
  readonly reports: readonly ChannelReport[];
  /** What a discard did, where there is one. */
  readonly preDiscard?: PreDiscardTelemetry;
  /** What averages say. */
  readonly pulse: CoherencePulse;
}

/** What diagnostics are made from. */
export interface DiagnosticsInput {
  /** Weights: of the call, or one list a row. */
  readonly weights: ArrayLike<number>;
  /** Number of channels. */
  readonly channels: number;
  /** Columns of a channel. */
  readonly channelWidth: number;
  /** Number of columns. */
  readonly dim: number;
  /** Smoothed values, row by row. */
  readonly aggregated: ArrayLike<number>;
  /** The curvature. */
  readonly curvature: number;
  /** The share of a new value in the moving averages. */
  readonly beta: number;
  /** What can be told of each channel, given weights. */
  readonly report: (weights: readonly number[]) => readonly ChannelReport[];
  /** What a discard did. */
  readonly preDiscard?: PreDiscardTelemetry | undefined;
}

/**
 * Says what a forward pass was like, from its results.
 *
 * @param input The results.
 * @returns The diagnostics.
 */
export function diagnose(input: DiagnosticsInput): CoherenceDiagnostics {
  const { channels, curvature, beta, report, preDiscard } = input;
  const { weights, repairs } = meanWeights(input.weights, channels);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) =>
    total > 0 ? weight / total : 1 / channels
  );
  const dominant = lastLargest(weights);
  const pulse = pulseOf(input, shares);
  const zBias = (pulse.above - pulse.beneath) * Math.sqrt(-curvature);
  return {
    channelWeights: weights,
    normalizedWeights: shares,
    normalization: Math.max(total, 1e-6),
    beta,
    repairs,
    dominantChannel: dominant,
    meanCoherence: total / channels,
    zBias: Number.isFinite(zBias) ? zBias : 0,
    energyRatio: energyRatioOf(input, dominant),
    entropy: entropyOf(shares),
    preserved: weights.filter((weight) => weight > 0).length,
    reports: report(weights),
    ...preDiscard === undefined ? {} : { preDiscard },
    pulse,
  };
}

/**
 * The mean of weights over rows; what is no number, or negative, counts as 0.
 *
 * @param all Weights: of the call, or one list a row.
 * @param channels Number of channels.
 * @returns A weight for each channel, and how many counted as 0.
 */
export function meanWeights(
  all: ArrayLike<number>,
  channels: number,
): { readonly weights: readonly number[]; readonly repairs: number } {
  const rows = all.length / channels;
  const weights = new Array<number>(channels).fill(0);
  let repairs = 0;
  for (let i = 0; i < all.length; i++) {
    const weight = all[i]!;
    if (Number.isFinite(weight) && weight >= 0) {
      weights[i % channels]! += weight / rows;
    } else repairs++;
  }
  return { weights, repairs };
}

function lastLargest(weights: readonly number[]): number {
  return weights.reduce(
    (best, weight, j) => weight >= weights[best]! ? j : best,
    0,
  );
}

function energyRatioOf(
  { aggregated, dim, channelWidth }: DiagnosticsInput,
  dominant: number,
): number {
  let [within, all] = [0, 0];
  for (let i = 0; i < aggregated.length; i++) {
    const size = Math.abs(aggregated[i]!);
    all += size;
    if (Math.floor(i % dim / channelWidth) === dominant) within += size;
  }
  return Math.min(within / Math.max(all, 1e-6), 1);
}

function pulseOf(
  { aggregated, dim, channels }: DiagnosticsInput,
  shares: readonly number[],
): CoherencePulse {
  const values = Array.from(aggregated);
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
    count;
  const standardError = Math.sqrt(variance / count);
  const third = Math.max(Math.floor(channels / 3), 1);
  const weightOf = (start: number, end?: number) =>
    shares.slice(start, end).reduce((sum, share) => sum + share, 0);
  return {
    blocks: count / dim,
    mean,
    standardError,
    zScore: standardError === 0 ? 0 : mean / standardError,
    above: weightOf(0, third),
    here: weightOf(third, 2 * third),
    beneath: weightOf(2 * third),
  };
}
