/**
 * What a pass says in terms of language: which tokens its columns stand for, which concepts those mean, and
 * what a bridge adds.
 *
 * @module
 */
import type {
  CoherenceDiagnostics,
  CoherencePulse,
} from "../coherence/diagnostics.ts";
import type { LinguisticConcept } from "../coherence/linguistic_profile.ts";
import { OptionChecks } from "../check_options.ts";
import { MaxwellBridge, type Narrative } from "./maxwell_bridge.ts";
import { SemanticBridge, type TokenWeight } from "./semantic_bridge.ts";

/** What a pass says in terms of language. */
export interface LanguageBridging {
  /** How much tokens count; those that do not are left out. */
  readonly window: readonly TokenWeight[];
  /** How many tokens there are. */
  readonly tokens: number;
  /** Shares of concepts that the window means. */
  readonly distribution: readonly number[];
  /** What smoothing follows from. */
  readonly concept: LinguisticConcept;
  /** Its name, by which a bridge knows it. */
  readonly label: string;
  /** What averages over the pass say. */
  readonly pulse: CoherencePulse;
  /** At which tokens the bridge hints, where it knows the concept. */
  readonly hint?: readonly TokenWeight[];
  /** What the bridge tells, where it has tags. */
  readonly narrative?: Narrative;
  /** Shares of concepts, with what the hint means. */
  readonly fused: readonly number[];
}

/** A pass whose columns are to be read as tokens. */
export interface PassToRead {
  /** Smoothed values, row by row. */
  readonly aggregated: ArrayLike<number>;
  /** Number of columns. */
  readonly dim: number;
  /** Columns of a channel. */
  readonly channelWidth: number;
  /** What smoothing follows from. */
  readonly concept: LinguisticConcept;
  /** What the pass was like. */
  readonly diagnostics: CoherenceDiagnostics;
}

/** No share of a window, and none of concepts that are fused, is less. */
const SHARE_MIN = 1e-6;

/**
 * Reads a pass.
 *
 * @param pass The pass.
 * @param bridges What tokens mean, and what a pulse hints at.
 * @returns What the pass says.
 */
export function bridgeLanguage(
  pass: PassToRead,
  { semantics, bridge }: {
    readonly semantics: SemanticBridge;
    readonly bridge: MaxwellBridge;
  },
): LanguageBridging {
  const { concept, diagnostics: { pulse } } = pass;
  const { tokens } = semantics;
  const window = windowOf(pass, tokens);
  const distribution = semantics.distributionOf(window);
  const label = labelOf(concept);
  const emission = bridge.emit(label, pulse);
  const fused = emission
    ? fuse(distribution, semantics.distributionOf(emission.hint))
    : distribution;
  return {
    window,
    tokens,
    distribution,
    concept,
    label,
    pulse,
    ...emission,
    fused,
  };
}

/**
 * Requires what a pass is read by.
 *
 * @param semantics What tokens mean.
 * @param bridge What a pulse hints at.
 * @throws {OptionError} `INVALID_OPTION` if one of both is none.
 */
export function assertBridges(semantics: unknown, bridge: unknown): void {
  const checks = new OptionChecks("a bridge to language");
  checks.when(!(semantics instanceof SemanticBridge), {
    name: "semantics",
    value: semantics,
    range: "a SemanticBridge",
  });
  checks.when(!(bridge instanceof MaxwellBridge), {
    name: "bridge",
    value: bridge,
    range: "a MaxwellBridge",
  });
  checks.end();
}

/** Tokens stand side by side on the columns; each counts by its energy, and the weight of its channel. */
function windowOf(
  { aggregated, dim, channelWidth, diagnostics: { channelWeights } }:
    PassToRead,
  tokens: number,
): TokenWeight[] {
  const width = Math.ceil(dim / tokens);
  const sums = new Float64Array(tokens);
  for (let i = 0; i < aggregated.length; i++) {
    sums[Math.floor(i % dim / width)]! += Math.abs(aggregated[i]!);
  }
  const rows = aggregated.length / dim;
  const window = Array.from(sums, (sum, token) => {
    const start = token * width;
    const end = Math.min(start + width, dim);
    const channel = Math.floor(
      Math.floor((start + end - 1) / 2) / channelWidth,
    );
    // Where columns are used up, there is no energy.
    const weight = sum === 0
      ? 0
      : sum / ((end - start) * rows) * channelWeights[channel]!;
    return { token, weight };
  }).filter(({ weight }) => weight > 0);
  const total = window.reduce((sum, { weight }) => sum + weight, 0);
  return window.map(({ token, weight }) => ({
    token,
    weight: Math.max(weight / total, SHARE_MIN),
  }));
}

function fuse(left: readonly number[], right: readonly number[]): number[] {
  const sums = left.map((share, i) => share + right[i]!);
  const total = sums.reduce((sum, share) => sum + share, 0);
  return sums.map((share) => Math.max(share / total, SHARE_MIN));
}

/** The name inside `custom(name)`; that of any other concept is the concept. */
function labelOf(concept: LinguisticConcept): string {
  return /^custom\((.*)\)$/.exec(concept)?.[1] ?? concept;
}
