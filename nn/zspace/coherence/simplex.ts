import { assertNumbers } from "../../check/assert_numbers.ts";
import { notADistribution } from "../errors.ts";

/** How concentrated a distribution is. */
export interface SimplexSummary {
  /** Entropy in nats. */
  readonly entropy: number;
  /** Entropy as a share of the largest possible; 0 for one entry. */
  readonly normalizedEntropy: number;
  /** 0 where all entries are alike, 1 where one has everything. */
  readonly concentration: number;
  /** How many entries there would be if they were all alike. */
  readonly effectiveChannels: number;
}

const ENTRIES_MAX = 4096;
const FLOAT32_EPSILON = 1.19e-7;

/**
 * Summarizes a distribution.
 *
 * @example Three shares
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { summarizeSimplex } from "@spiraltorch/spiraltorch/nn";
 *
 * const { entropy, concentration } = summarizeSimplex([0.7, 0.2, 0.1]);
 * assertAlmostEquals(entropy, 0.801818553, 1e-9);
 * assertAlmostEquals(concentration, 0.31, 1e-9);
 * ```
 *
 * @param shares From 1 to 4096 numbers from 0 to 1 that add up to 1.
 * @returns The summary.
 * @throws {ZSpaceError} `NOT_A_DISTRIBUTION` if they are not that.
 */
export function summarizeSimplex(shares: ArrayLike<number>): SimplexSummary {
  assertNumbers("shares of summarizeSimplex", shares);
  const p = Array.from(shares);
  assertDistribution(p);
  const count = p.length;
  const entropy = entropyOf(p);
  const squares = p.reduce((sum, share) => sum + share * share, 0);
  return {
    entropy,
    normalizedEntropy: count === 1 ? 0 : entropy / Math.log(count),
    concentration: count === 1
      ? 1
      : Math.min(Math.max((squares - 1 / count) / (1 - 1 / count), 0), 1),
    effectiveChannels: Math.min(Math.exp(entropy), count),
  };
}

/**
 * Entropy of shares in nats.
 *
 * @param shares Numbers from 0 on that add up to 1.
 * @returns `-Σ p ln p`, where 0 adds nothing.
 */
export function entropyOf(shares: readonly number[]): number {
  return shares.reduce(
    (sum, share) => share > 0 ? sum - share * Math.log(share) : sum,
    0,
  );
}

function assertDistribution(p: readonly number[]): void {
  if (p.length < 1 || p.length > ENTRIES_MAX) {
    throw notADistribution(
      `found ${p.length} entries, wanted 1 to ${ENTRIES_MAX}`,
      { entries: p.length },
    );
  }
  const bad = p.findIndex((share) => !(share >= 0 && share <= 1));
  if (bad >= 0) {
    throw notADistribution(
      `found ${p[bad]} at entry ${bad}, wanted a number from 0 to 1`,
      { entry: bad, value: String(p[bad]) },
    );
  }
  const sum = p.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > Math.max(4 * p.length * FLOAT32_EPSILON, 1e-6)) {
    throw notADistribution(`found a sum of ${sum}, wanted 1`, { sum });
  }
}
