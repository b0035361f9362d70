import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import type { CoherencePulse } from "../coherence/diagnostics.ts";
import type { TokenWeight } from "./semantic_bridge.ts";

/** What a bridge says of one concept. */
export interface MaxwellChannel {
  /** How much tokens count for it. */
  readonly window: readonly TokenWeight[];
  /**
   * What may be told of it; nothing is where there is none.
   *
   * @default {[]}
   */
  readonly tags?: readonly string[];
  /**
   * How strongly it is told.
   *
   * @default {1}
   */
  readonly gain?: number;
}

/** Options of {@linkcode MaxwellBridge}. */
export interface MaxwellBridgeOptions {
  /** What is said of concepts, by their names. */
  readonly channels: Readonly<Record<string, MaxwellChannel>>;
  /**
   * The least score that hints are scaled by.
   *
   * @default {0}
   */
  readonly floor?: number;
}

/** What is told of a pass. */
export interface Narrative {
  /** The tag that was chosen. */
  readonly tag: string;
  /** The tags that it was chosen from. */
  readonly tags: readonly string[];
  /** How strongly it is told. */
  readonly intensity: number;
  /** By what tags are told apart. */
  readonly phase: number;
  /** Share of weight at both ends of the channels. */
  readonly coherence: number;
  /** How uncertain the pulse is, from 0 to 1. */
  readonly decoherence: number;
}

/** What a bridge makes of a pulse. */
export interface MaxwellEmission {
  /** How much tokens count. */
  readonly hint: readonly TokenWeight[];
  /** What is told, where there are tags. */
  readonly narrative?: Narrative;
}

/** What every token of a hint has. */
const SMOOTHING = 1e-4;

/** Turns from one tag to the next. */
const GOLDEN_RATIO = 1.618034;

/**
 * Turns the pulse of a pass into hints at tokens, and into what can be told of it.
 *
 * @example A hint twice as strong
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { MaxwellBridge } from "@spiraltorch/spiraltorch/nn";
 *
 * const bridge = new MaxwellBridge({
 *   channels: { membrane: { window: [{ token: 3, weight: 0.5 }] } },
 * });
 * const pulse = {
 *   blocks: 1,
 *   mean: 0.1,
 *   standardError: 0.05,
 *   zScore: -2,
 *   above: 0.4,
 *   here: 0.3,
 *   beneath: 0.3,
 * };
 * const [hint] = bridge.emit("membrane", pulse)!.hint;
 * assertAlmostEquals(hint!.weight, 2 * 0.5001, 1e-12);
 * ```
 */
export class MaxwellBridge {
  readonly #channels: ReadonlyMap<string, Required<MaxwellChannel>>;
  readonly #floor: number;

  /**
   * Constructs a new instance.
   *
   * @param options What is said of which concept.
   * @throws {OptionError} `INVALID_OPTION` with everything that is wrong: a window without tokens, a
   * token that is no whole number from 0, a weight, gain or floor that is negative or not finite, a tag
   * without text.
   */
  constructor(options: MaxwellBridgeOptions) {
    const { channels, floor = 0 } = optionsOf("MaxwellBridge", options);
    const checks = new OptionChecks("MaxwellBridge");
    checks.number("floor", floor, { min: 0 });
    const entries = Object.entries(channels ?? {});
    checks.count("channels", entries.length);
    for (const [name, channel] of entries) checkChannel(checks, name, channel);
    checks.end();
    this.#floor = floor;
    this.#channels = new Map(
      entries.map(([name, { window, tags = [], gain = 1 }]) => [name, {
        window: structuredClone(window),
        tags: [...new Set(tags.map((tag) => tag.trim()))],
        gain,
      }]),
    );
  }

  /**
   * Says what a pulse hints at.
   *
   * @param concept Name of the concept, `membrane`.
   * @param pulse The pulse.
   * @returns The hint, and what is told; nothing if the bridge does not know the concept.
   * @throws {OptionError} `INVALID_OPTION` if it is no pulse.
   */
  emit(concept: string, pulse: CoherencePulse): MaxwellEmission | undefined {
    const channel = this.#channels.get(concept);
    if (channel === undefined) return undefined;
    assertPulse(pulse);
    const { window, tags, gain } = channel;
    const score = Math.max(Math.abs(pulse.zScore), this.#floor);
    const hint = window.map(({ token, weight }) => ({
      token,
      weight: (weight + SMOOTHING) * score,
    }));
    return tags.length === 0
      ? { hint }
      : { hint, narrative: tell(tags, gain, pulse) };
  }
}

function assertPulse(pulse: CoherencePulse): void {
  const { zScore, standardError, above, here, beneath } = optionsOf(
    "a pulse",
    pulse,
  );
  const checks = new OptionChecks("a pulse");
  checks.number("zScore", zScore);
  checks.number("standardError", standardError, { min: 0 });
  checks.number("above", above);
  checks.number("here", here);
  checks.number("beneath", beneath);
  checks.end();
}

function tell(
  tags: readonly string[],
  gain: number,
  { zScore, standardError, above, here, beneath }: CoherencePulse,
): Narrative {
  const intensity = Math.abs(zScore) * gain;
  const phase = Math.atan(zScore) * tags.length;
  const coherence = (above + beneath) / (above + here + beneath + 1e-6);
  const decoherence = standardError / (standardError + 1);
  const scores = tags.map((_, i) =>
    intensity * coherence * (1 - decoherence) *
    Math.max(Math.abs(Math.sin(phase + GOLDEN_RATIO * i)) + 0.5, 1e-3)
  );
  const tag = tags[scores.indexOf(Math.max(...scores))]!;
  return { tag, tags, intensity, phase, coherence, decoherence };
}

function checkChannel(
  checks: OptionChecks,
  name: string,
  channel: MaxwellChannel,
): void {
  const { window, tags = [], gain = 1 } = channel ?? {};
  const lists: readonly [string, unknown][] = [["window", window], [
    "tags",
    tags,
  ]];
  const bad = lists.filter(([, list]) => !Array.isArray(list));
  for (const [list, value] of bad) {
    checks.when(true, { name: `${name}.${list}`, value, range: "a list" });
  }
  if (bad.length > 0) return;
  checks.count(`${name}.window.length`, window.length);
  window.forEach((entry, i) => {
    const at = `${name}.window[${i}]`;
    checks.count(`${at}.token`, entry?.token, { min: 0 });
    checks.number(`${at}.weight`, entry?.weight, { min: 0 });
  });
  tags.forEach((tag, i) =>
    checks.when(typeof tag !== "string" || tag.trim() === "", {
      name: `${name}.tags[${i}]`,
      value: tag,
      range: "text",
    })
  );
  checks.number(`${name}.gain`, gain, { min: 0 });
}
