import { optionsOf } from "../../../ops/mod.ts";
import {
  CONCEPT_RANGE,
  isConcept,
  type LinguisticConcept,
} from "../coherence/linguistic_profile.ts";
import type { Pooling } from "../coherence/coherence_engine.ts";
import {
  type PreDiscardOptions,
  PreDiscardPolicy,
} from "../coherence/pre_discard.ts";
import { PreDiscardRegulator } from "../coherence/pre_discard_regulator.ts";
import { OptionChecks } from "../check_options.ts";
import { curvatureMismatch } from "../errors.ts";
import { magnitudeOf } from "../geometry/curvature.ts";
import type { StageSource } from "./stage_dispatcher.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";

/** Settings of a sequencer in a config. */
export interface SequencerConfig {
  /** Number of columns. */
  readonly dim: number;
  /** Number of heads, which must divide `dim`. */
  readonly heads: number;
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /** Number of channels, from 1 to `dim`; the largest of `dim/8`, 1 and `heads` if left out. */
  readonly channels?: number;
  /**
   * How rows enter the ball: by the exponential map, or as an older implementation had it.
   *
   * @default {"exact"}
   */
  readonly geometry?: "exact" | "classic";
  /**
   * Whether weights and smoothing follow from the rows alone, or are learned too.
   *
   * @default {"classic"}
   */
  readonly weights?: "classic" | "learned";
  /**
   * Whether all rows have the same weights, or each its own.
   *
   * @default {"batch"}
   */
  readonly pooling?: Pooling;
  /**
   * What comes out: smoothed values, points of the ball, or tangents at its center.
   *
   * @default {"raw"}
   */
  readonly output?: "raw" | "ball" | "euclidean";
  /**
   * Whether smoothed values are multiplied by the number of channels, since weights add up to 1.
   *
   * @default {false}
   */
  readonly rescale?: boolean;
  /** What smoothing follows from; from curvature and heads if left out. */
  readonly concept?: LinguisticConcept;
  /** Which channels are left out; none if left out. */
  readonly preDiscard?: SequencerDiscardOptions;
}

/** Which channels a sequencer leaves out, and how many discards it remembers. */
export interface SequencerDiscardOptions extends PreDiscardOptions {
  /**
   * How many discards are remembered.
   *
   * @default {32}
   */
  readonly journalSize?: number;
}

/** Options of {@linkcode ZSpaceCoherenceSequencer}. */
export interface SequencerOptions extends SequencerConfig {
  /** What guards values; one of the same curvature if left out. */
  readonly topos?: OpenCartesianTopos;
  /**
   * Steers the dominance ratio of discards: it is told of each pass that plugins are told of, or that
   * is computed for its diagnostics, and the next pass is described with the ratio it gives. Takes
   * `preDiscard`.
   */
  readonly regulator?: PreDiscardRegulator;
  /**
   * What it is called in stages.
   *
   * @default {"sequencer"}
   */
  readonly name?: string;
  /** Where those who watch many sequencers find this one. */
  readonly hub?: SequencerTracker;
}

/** What keeps track of sequencers. */
export interface SequencerTracker {
  /**
   * Adds a sequencer.
   *
   * @param sequencer The sequencer.
   * @returns What takes it out again.
   */
  track(sequencer: StageSource): Disposable;
}

/** Options with everything filled in. */
export interface ResolvedSequencer
  extends Required<Omit<SequencerConfig, "preDiscard">> {
  /** Which channels are left out. */
  readonly preDiscard: PreDiscardPolicy | undefined;
  /** How many discards are remembered. */
  readonly journalSize: number;
  /** What steers discards. */
  readonly regulator: PreDiscardRegulator | undefined;
  /** What guards values. */
  readonly topos: OpenCartesianTopos;
  /** What it is called in stages. */
  readonly name: string;
}

/**
 * Checks options and fills in what is left out.
 *
 * @param given The options.
 * @returns All of them.
 * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0;
 * `CURVATURE_MISMATCH` if the topos has another one.
 * @throws {OptionError} `INVALID_OPTION` with every other option that is out of range.
 */
export function resolveSequencer(
  given: SequencerOptions,
): ResolvedSequencer {
  const options = optionsOf("ZSpaceCoherenceSequencer", given);
  const {
    dim,
    heads,
    curvature = -1,
    channels = areNumbers(dim, heads)
      ? Math.max(Math.floor(dim / 8), 1, heads)
      : 1,
    geometry = "exact",
    weights = "classic",
    pooling = "batch",
    output = "raw",
    rescale = false,
    preDiscard,
    regulator,
    name = "sequencer",
  } = options;
  const { journalSize = 32 } = discardOf(preDiscard);
  magnitudeOf("ZSpaceCoherenceSequencer", curvature);
  const { concept = defaultConcept(curvature, heads) } = options;
  const checks = new OptionChecks("ZSpaceCoherenceSequencer");
  checks.count("dim", dim);
  checks.count("heads", heads);
  const areCounts = areNumbers(dim, heads) && dim > 0 && heads > 0;
  checks.when(areCounts && dim % heads !== 0, {
    name: "heads",
    value: heads,
    range: `a divisor of dim${areCounts ? `, ${dim}` : ""}`,
  });
  if (areCounts) {
    checks.count("channels", channels, { max: dim });
  }
  checks.oneOf("geometry", geometry, ["exact", "classic"]);
  checks.oneOf("weights", weights, ["classic", "learned"]);
  checks.oneOf("pooling", pooling, ["batch", "row"]);
  checks.oneOf("output", output, ["raw", "ball", "euclidean"]);
  checks.oneOf("rescale", rescale, [true, false]);
  checks.when(!isConcept(concept), {
    name: "concept",
    value: concept,
    range: CONCEPT_RANGE,
  });
  checks.when(typeof name !== "string" || name.trim() === "", {
    name: "name",
    value: name,
    range: "a name with text",
  });
  checkParts(checks, options);
  checks.end();
  return {
    dim,
    heads,
    curvature,
    channels,
    geometry,
    weights,
    pooling,
    output,
    rescale,
    concept,
    preDiscard: preDiscard && new PreDiscardPolicy(preDiscard),
    journalSize,
    regulator,
    topos: toposOf(options.topos, curvature),
    name,
  };
}

function discardOf(
  preDiscard: SequencerDiscardOptions | undefined,
): Partial<SequencerDiscardOptions> {
  return optionsOf("preDiscard", preDiscard);
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "number");
}

/** Checks what is made of more than a number or a word. */
function checkParts(
  checks: OptionChecks,
  { hub, topos, preDiscard, regulator }: SequencerOptions,
): void {
  const { journalSize = 32 } = discardOf(preDiscard);
  checks.count("preDiscard.journalSize", journalSize);
  checks.when(hub !== undefined && typeof hub?.track !== "function", {
    name: "hub",
    value: hub,
    range: "a SequencerHub",
  });
  checks.when(
    regulator !== undefined && !(regulator instanceof PreDiscardRegulator),
    { name: "regulator", value: regulator, range: "a PreDiscardRegulator" },
  );
  checks.when(
    topos !== undefined && !(topos instanceof OpenCartesianTopos),
    { name: "topos", value: topos, range: "an OpenCartesianTopos" },
  );
  checks.when(regulator !== undefined && preDiscard === undefined, {
    name: "preDiscard",
    value: preDiscard,
    range: "a policy for the regulator to steer",
  });
}

function toposOf(
  given: OpenCartesianTopos | undefined,
  wanted: number,
): OpenCartesianTopos {
  const topos = given ?? new OpenCartesianTopos({ curvature: wanted });
  const found = topos.curvature;
  if (Math.abs(found - wanted) <= 1e-6) return topos;
  throw curvatureMismatch("ZSpaceCoherenceSequencer", { wanted, found });
}

function defaultConcept(curvature: number, heads: number): LinguisticConcept {
  if (!areNumbers(heads)) return "membrane";
  const isDense = curvature < -0.5 ? heads > 16 : heads >= 12;
  return isDense ? "neuronal_pattern" : "membrane";
}
