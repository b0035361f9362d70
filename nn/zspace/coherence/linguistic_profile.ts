import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import { assertPositive } from "../errors.ts";

/** A concept that says how channels count and how strongly neighbors are smoothed. */
export type LinguisticConcept =
  | "membrane"
  | "grain_boundary"
  | "neuronal_pattern"
  | "droplet_coalescence"
  | `custom(${string})`;

/** How much more or less each channel counts, for reasons of language. */
export interface LinguisticProfile {
  /** What the profile stands for; it shapes the weights where no bias is given. */
  readonly concept: LinguisticConcept;
  /**
   * How strongly.
   *
   * @default {1}
   */
  readonly emphasis?: number;
  /** A weight for each channel; the last one counts for all further channels. */
  readonly harmonicBias?: readonly number[];
  /** A note for people. */
  readonly descriptor?: string;
}

/** What a concept means. */
interface ConceptRow {
  /** Weight of a channel at `u`, from 0 to 1. */
  readonly weight: (u: number) => number;
  /** How fast smoothing weakens with curvature, and between which limits it stays. */
  readonly smoothing: readonly [rate: number, min: number, max: number];
}

const CONCEPTS: Readonly<
  Record<Exclude<LinguisticConcept, `custom(${string})`>, ConceptRow>
> = {
  membrane: {
    weight: (u) => 1.15 - 0.35 * u,
    smoothing: [1, 0.1, 0.85],
  },
  "grain_boundary": {
    weight: (u) => 0.85 + 0.65 * u,
    smoothing: [0.8, 0.15, 0.9],
  },
  "neuronal_pattern": {
    weight: (u) => 0.75 + 0.9 * Math.abs(u - 0.5),
    smoothing: [0.6, 0.2, 0.95],
  },
  "droplet_coalescence": {
    weight: (u) => 0.95 + 0.55 * (1 - Math.abs(2 * u - 1)),
    smoothing: [1.2, 0.05, 0.8],
  },
};

const CUSTOM: ConceptRow = { weight: () => 1, smoothing: [1, 0.1, 0.95] };

/** What a concept may be. */
export const CONCEPT_RANGE =
  "membrane, grain_boundary, neuronal_pattern, droplet_coalescence or custom(name)";

/**
 * Tells whether text names a concept.
 *
 * @param text The text.
 * @returns Whether it is a known name or `custom(name)`.
 */
export function isConcept(text: unknown): text is LinguisticConcept {
  return typeof text === "string" &&
    (Object.hasOwn(CONCEPTS, text) || /^custom\([^()]{0,100}\)$/.test(text));
}

/**
 * How strongly a concept has neighbors smoothed: `clamp(1/(1 + r |c|), min, max)`.
 *
 * @param concept The concept.
 * @param curvature The curvature.
 * @returns The share of a new value in the moving average.
 */
export function smoothingOf(
  concept: LinguisticConcept,
  curvature: number,
): number {
  const [rate, min, max] = rowOf(concept).smoothing;
  const share = 1 / (1 + rate * Math.abs(curvature));
  return Math.min(Math.max(share, min), max);
}

/**
 * How much a profile makes one channel count.
 *
 * @param profile The profile.
 * @param channel The channel, from 0.
 * @param channels How many there are.
 * @returns A weight above 0.
 */
export function profileWeight(
  { concept, emphasis = 1, harmonicBias }: LinguisticProfile,
  channel: number,
  channels: number,
): number {
  if (harmonicBias !== undefined && harmonicBias.length > 0) {
    const place = Math.min(channel, harmonicBias.length - 1);
    return harmonicBias[place]! * emphasis;
  }
  const weight = rowOf(concept).weight((channel + 0.5) / channels);
  return Math.max(weight * emphasis, 1e-6);
}

/**
 * Requires that a profile's numbers are above 0.
 *
 * @param profile The profile.
 * @throws {OptionError} `INVALID_OPTION` if its concept is none, or biases are no list.
 * @throws {ZSpaceError} `NON_POSITIVE_WEIGHT` if the emphasis or a bias is not.
 */
export function assertProfile(
  profile: LinguisticProfile,
): void {
  const { concept, emphasis = 1, harmonicBias = [] } = optionsOf(
    "a profile",
    profile,
  );
  const checks = new OptionChecks("a profile");
  checks.when(!isConcept(concept), {
    name: "concept",
    value: concept,
    range: CONCEPT_RANGE,
  });
  checks.when(!Array.isArray(harmonicBias), {
    name: "harmonicBias",
    value: harmonicBias,
    range: "a list of weights",
  });
  checks.end();
  const named = [
    ["emphasis", emphasis] as const,
    ...harmonicBias.map((bias, i) => [`harmonicBias[${i}]`, bias] as const),
  ];
  for (const [name, value] of named) {
    assertPositive("NON_POSITIVE_WEIGHT", `a profile for ${concept}`, {
      name,
      value,
    });
  }
}

function rowOf(concept: LinguisticConcept): ConceptRow {
  return Object.hasOwn(CONCEPTS, concept)
    ? CONCEPTS[concept as keyof typeof CONCEPTS]
    : CUSTOM;
}
