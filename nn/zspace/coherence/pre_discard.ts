import { shapeMismatch } from "../../../core/base/mod.ts";
import { full, optionsOf, type Tensor, tensor } from "../../../ops/mod.ts";
import { assertNumbers } from "../../check/assert_numbers.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import { OptionChecks } from "../check_options.ts";

/** Options of {@linkcode PreDiscardPolicy}. */
export interface PreDiscardOptions {
  /**
   * How far below the largest weight a channel may lie, as a share of it: 0 keeps only the largest, 1
   * keeps all.
   */
  readonly dominanceRatio: number;
  /**
   * The least weight that stays, whatever the largest is.
   *
   * @default {0}
   */
  readonly energyFloor?: number;
  /**
   * How many channels stay at least.
   *
   * @default {1}
   */
  readonly minChannels?: number;
}

/** What a discard did, in numbers. */
export interface PreDiscardTelemetry {
  /** The dominance ratio. */
  readonly ratio: number;
  /** The energy floor. */
  readonly floor: number;
  /** How many channels stayed. */
  readonly preserved: number;
  /** How many went. */
  readonly discarded: number;
  /** Whether nothing was left, so that all channels count alike. */
  readonly fallback: boolean;
  /** Weight of those that stayed, before they were scaled up. */
  readonly survivorEnergy: number;
  /** Weight of those that went. */
  readonly discardedEnergy: number;
  /** The largest weight. */
  readonly dominantWeight: number;
  /** How many weights were no numbers, or negative, and counted as 0. */
  readonly repairs: number;
  /** Share of the channels that stayed. */
  readonly preservedRatio: number;
  /** Share of the weight that stayed. */
  readonly survivorEnergyRatio: number;
}

/** What stayed and what went. */
export interface PreDiscardOutcome {
  /** Channels that stayed, in order. */
  readonly survivors: readonly number[];
  /** Channels that went, in order. */
  readonly discarded: readonly number[];
  /** The numbers. */
  readonly telemetry: PreDiscardTelemetry;
}

/** Weights of survivors that add up to no more than this are none. */
const NOTHING = 1e-12;

/**
 * Leaves out channels that matter little, and scales up the others.
 *
 * A channel stays if its weight is at least `max(D (1 - ratio), floor)`, where `D` is the largest; where
 * too few stay, the largest others do too, of equal ones the first. Which stay is a constant in the
 * gradient; how the survivors are scaled is not.
 *
 * @example Half of the dominant weight is the limit
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { PreDiscardPolicy } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const policy = new PreDiscardPolicy({ dominanceRatio: 0.5 });
 * const kept = policy.apply(tensor([0.5, 0.3, 0.15, 0.05]));
 * assertClose(await kept.data(), [0.625, 0.375, 0, 0]);
 * ```
 */
export class PreDiscardPolicy {
  /** How far below the largest weight a channel may lie. */
  readonly dominanceRatio: number;
  /** The least weight that stays. */
  readonly energyFloor: number;
  /** How many channels stay at least. */
  readonly minChannels: number;

  /**
   * Constructs a new instance.
   *
   * @param options The limits.
   * @throws {OptionError} `INVALID_OPTION` if a limit is not from 0 to 1, or a number of channels no
   * whole number from 1 on.
   */
  constructor(options: PreDiscardOptions) {
    const { dominanceRatio, energyFloor = 0, minChannels = 1 } = optionsOf(
      "PreDiscardPolicy",
      options,
    );
    const checks = new OptionChecks("PreDiscardPolicy");
    checks.number("dominanceRatio", dominanceRatio, { min: 0, max: 1 });
    checks.number("energyFloor", energyFloor, { min: 0, max: 1 });
    checks.count("minChannels", minChannels);
    checks.end();
    this.dominanceRatio = dominanceRatio;
    this.energyFloor = energyFloor;
    this.minChannels = minChannels;
  }

  /**
   * Makes the same policy of another dominance ratio.
   *
   * @param dominanceRatio The ratio.
   * @returns The policy.
   * @throws {OptionError} `INVALID_OPTION` if the ratio is not from 0 to 1.
   */
  withRatio(dominanceRatio: number): PreDiscardPolicy {
    const { energyFloor, minChannels } = this;
    return new PreDiscardPolicy({ dominanceRatio, energyFloor, minChannels });
  }

  /**
   * Filters weights.
   *
   * @param weights Weights of the channels, `[..., channels]`.
   * @returns Weights that add up to 1, those of discarded channels 0.
   * @throws {ShapeError} `SHAPE_MISMATCH` if there is none.
   */
  apply(weights: Tensor): Tensor {
    assertTensor("a discard", weights);
    const channels = weights.shape.at(-1);
    if (!channels) {
      throw shapeMismatch("a discard", weights.shape, [this.minChannels], {
        rule: "there must be a weight for a channel",
      });
    }
    const largest = weights.max(-1, { keepDims: true }).maximum(1e-6);
    // A tensor, not a number: policies of other ratios are computed by the same kernels.
    const limit = largest.mul(tensor([1 - this.dominanceRatio]))
      .maximum(this.energyFloor);
    const isAbove = weights.greaterOrEqual(limit);
    const stays = isAbove.or(
      rankOf(weights).less(Math.min(this.minChannels, channels)),
    );
    const kept = stays.where(weights, 0);
    const sum = kept.sum(-1, { keepDims: true });
    const scaled = kept.div(sum.maximum(NOTHING));
    return sum.greater(NOTHING).where(scaled, full([], 1 / channels));
  }

  /**
   * Tells what a discard did.
   *
   * @param before The weights.
   * @param after What {@linkcode PreDiscardPolicy.apply} made of them.
   * @param repairs How many weights were no numbers, or negative.
   * @returns What stayed and what went.
   */
  describe(
    before: ArrayLike<number>,
    after: ArrayLike<number>,
    repairs = 0,
  ): PreDiscardOutcome {
    assertNumbers("weights before a discard", before);
    assertNumbers("weights after a discard", after);
    const weights = Array.from(before);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const kept = Array.from(after, (weight, j) => weight > 0 ? j : -1)
      .filter((j) => j >= 0);
    const energy = kept.reduce((sum, j) => sum + weights[j]!, 0);
    // Where nothing was left, all channels count alike; nothing has survived.
    const fallback = energy <= NOTHING ||
      kept.some((j) => weights[j]! <= 0);
    const survivors = fallback ? [] : kept;
    const discarded = weights.map((_, j) => j)
      .filter((j) => !survivors.includes(j));
    const survivorEnergy = fallback ? 0 : energy;
    return {
      survivors,
      discarded,
      telemetry: {
        ratio: this.dominanceRatio,
        floor: this.energyFloor,
        preserved: survivors.length,
        discarded: discarded.length,
        fallback,
        survivorEnergy,
        discardedEnergy: total - survivorEnergy,
        dominantWeight: Math.max(...weights),
        repairs,
        preservedRatio: survivors.length / weights.length,
        survivorEnergyRatio: total > 0 ? survivorEnergy / total : 0,
      },
    };
  }
}

/** How many weights are larger, or equal and further to the front. */
function rankOf(weights: Tensor): Tensor {
  const channels = weights.shape.at(-1)!;
  const own = weights.unsqueeze(-1);
  const other = weights.unsqueeze(-2);
  const place = tensor(Float32Array.from({ length: channels }, (_, j) => j));
  const isBefore = place.less(place.unsqueeze(1));
  return other.greater(own).or(other.equal(own).and(isBefore))
    .cast("float32").sum(-1);
}
