import { shapeMismatch } from "../../../core/base/mod.ts";
import {
  guardFinite,
  optionsOf,
  type Tensor,
  tensor,
} from "../../../ops/mod.ts";
import { assertIndex } from "../../check/assert_number.ts";
import { assertNumbers } from "../../check/assert_numbers.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import { OptionChecks } from "../check_options.ts";
import { emptyInput } from "../errors.ts";
import { magnitudeOf } from "../geometry/curvature.ts";
import { safeRoot } from "../geometry/rows.ts";
import {
  assertProfile,
  type LinguisticConcept,
  type LinguisticProfile,
  profileWeight,
} from "./linguistic_profile.ts";

/** Options of {@linkcode CoherenceEngine}. */
export interface CoherenceEngineOptions {
  /** Number of columns. */
  readonly dim: number;
  /**
   * Curvature of the space that rows lie in, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /** Number of channels, bands of neighboring columns; one for each 64 columns if left out. */
  readonly channels?: number;
}

/** Whether a call has one list of weights, or each row its own. */
export type Pooling = "batch" | "row";

/** What can be told of one channel. */
export interface ChannelReport {
  /** The channel, from 0. */
  readonly channel: number;
  /** Its weight. */
  readonly weight: number;
  /** The concept that makes it count most, where there are profiles. */
  readonly concept?: LinguisticConcept;
  /** How strongly that profile is meant. */
  readonly emphasis: number;
  /** The profile's note. */
  readonly descriptor?: string;
}

/** The least weight of a channel before weights are made to add up to 1. */
const FLOOR = 1e-6;

/** A largest weight of no more than this is none. */
const NOTHING = 1e-12;

/**
 * Weighs bands of columns by their share of energy.
 *
 * A channel is a band of `⌈dim/channels⌉` neighboring columns; the last ones may have fewer, or none.
 * Its weight is the root mean square of its values, times what linguistic profiles make of it.
 *
 * **What it is not**: it looks at no phase, no order and no other row.
 *
 * @example The second band holds more
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { CoherenceEngine } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const engine = new CoherenceEngine({ dim: 4, channels: 2 });
 * const weights = engine.measurePhases(tensor([[1, 1, 3, 3], [1, 1, 3, 3]]));
 * assertClose(await weights.data(), [0.25, 0.75]);
 * ```
 */
export class CoherenceEngine {
  /** Number of columns. */
  readonly dim: number;
  /** Curvature of the space that rows lie in. */
  readonly curvature: number;
  /** Number of channels. */
  readonly channels: number;
  /** Number of columns of a channel, but for the last ones. */
  readonly channelWidth: number;
  #profiles: readonly LinguisticProfile[] = [];

  /**
   * Constructs a new instance.
   *
   * @param options Numbers of columns and channels, and the curvature.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number from 1 on.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   */
  constructor(options: CoherenceEngineOptions) {
    const {
      dim,
      curvature = -1,
      channels = typeof dim === "number"
        ? Math.max(Math.floor(dim / 64), 1)
        : NaN,
    } = optionsOf("CoherenceEngine", options);
    magnitudeOf("CoherenceEngine", curvature);
    const checks = new OptionChecks("CoherenceEngine");
    checks.count("dim", dim);
    // A bad dim has no default that could be blamed.
    if (!Number.isNaN(channels)) checks.count("channels", channels);
    checks.end();
    this.dim = dim;
    this.curvature = curvature;
    this.channels = channels;
    this.channelWidth = Math.ceil(dim / channels);
  }

  /** The profiles, in the order in which they were registered. */
  get profiles(): readonly LinguisticProfile[] {
    return this.#profiles;
  }

  /**
   * Makes some channels count more from now on.
   *
   * @param profile How much each counts.
   * @throws {ZSpaceError} `NON_POSITIVE_WEIGHT` if its emphasis or a bias is not above 0.
   */
  registerLinguisticProfile(profile: LinguisticProfile): void {
    assertProfile(profile);
    this.#profiles = [...this.#profiles, Object.freeze({ ...profile })];
  }

  /**
   * Forgets all profiles.
   *
   * @returns How many there were.
   */
  clearLinguisticProfiles(): number {
    const count = this.#profiles.length;
    this.#profiles = [];
    return count;
  }

  /**
   * Measures the energy of each channel, before it becomes a share.
   *
   * @param x Rows, `[rows, dim]`.
   * @param pooling Whether the call has one list, or each row its own.
   * @returns Energies of at least 1e-6: `[channels]`, or `[rows, channels]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if `x` is not `[rows, dim]`.
   * @throws {ZSpaceError} `EMPTY_INPUT` if it has no rows.
   */
  measureEnergies(x: Tensor, pooling: Pooling = "batch"): Tensor {
    assertTensor("coherence", x);
    const { dim, channels, channelWidth } = this;
    const [rows] = x.shape;
    if (x.rank !== 2 || x.shape[1] !== dim) {
      throw shapeMismatch("coherence", x.shape, [rows ?? 0, dim], {
        rule: `rows must have ${dim} columns`,
      });
    }
    if (rows === 0) throw emptyInput("measure coherence");
    const perRow = pooling === "row" ? 1 : rows!;
    const widths = Array.from({ length: channels }, (_, j) => this.widthOf(j));
    const factors = widths.map((width, j) =>
      this.#factor(j) / Math.sqrt(Math.max(width, 1) * perRow)
    );
    const columns = channels * channelWidth;
    const padded = columns === dim ? x : x.pad([[0, 0], [0, columns - dim]]);
    const bands = padded.reshape([rows!, channels, channelWidth]);
    const square = bands.mul(bands).sum(pooling === "row" ? 2 : [0, 2]);
    return safeRoot(square).mul(tensor(Float64Array.from(factors)))
      .maximum(FLOOR);
  }

  /**
   * Weighs the channels.
   *
   * @param x Rows, `[rows, dim]`.
   * @param pooling Whether the call has one list of weights, or each row its own.
   * @returns Weights that add up to 1: `[channels]`, or `[rows, channels]`. Computing them fails with
   * `NON_FINITE_VALUE` if energies have no finite sum.
   * @throws {ShapeError} `SHAPE_MISMATCH` if `x` is not `[rows, dim]`.
   * @throws {ZSpaceError} `EMPTY_INPUT` if it has no rows.
   */
  measurePhases(x: Tensor, pooling: Pooling = "batch"): Tensor {
    const energies = this.measureEnergies(x, pooling);
    const sum = guardFinite(energies.sum(-1, { keepDims: true }), "coherence");
    return energies.div(sum);
  }

  /**
   * Relates channels to one another: the product of both weights, as shares of the largest.
   *
   * **Shapes**: `weights [..., channels] -> relation [..., channels, channels]`, symmetric, from 0 to 1.
   *
   * @param weights Weights of the channels.
   * @returns The relation of each channel to each.
   * @throws {ShapeError} `SHAPE_MISMATCH` if there is not a weight for each channel.
   */
  relation(weights: Tensor): Tensor {
    assertTensor("a relation", weights);
    const { channels } = this;
    if (weights.shape.at(-1) !== channels) {
      throw shapeMismatch("a relation", weights.shape, [channels], {
        axis: -1,
        rule: "there must be a weight for each channel",
      });
    }
    // Where no weight is above 0, no channel is related to any.
    const largest = weights.max(-1, { keepDims: true }).maximum(NOTHING);
    const shares = weights.div(largest).clamp(0, 1);
    return shares.unsqueeze(-1).mul(shares.unsqueeze(-2));
  }

  /**
   * How many columns a channel has.
   *
   * @param channel The channel, from 0.
   * @returns The number; 0 if the columns are used up before it.
   */
  widthOf(channel: number): number {
    const { dim, channelWidth } = this;
    assertIndex("a channel", channel);
    const start = Math.min(channel * channelWidth, dim);
    return Math.min(start + channelWidth, dim) - start;
  }

  /**
   * Tells which profile makes each channel count most.
   *
   * @param weights A weight for each channel.
   * @returns A report for each.
   */
  describeChannels(weights: ArrayLike<number>): ChannelReport[] {
    assertNumbers("weights of channels", weights);
    return Array.from(weights, (weight, channel) => {
      const best = this.#strongest(channel);
      if (best === undefined) return { channel, weight, emphasis: 1 };
      const { concept, emphasis = 1, descriptor } = best;
      return {
        channel,
        weight,
        concept,
        emphasis,
        ...descriptor === undefined ? {} : { descriptor },
      };
    });
  }

  /** How much a channel counts, before it is known what it holds. */
  #factor(channel: number): number {
    const bend = 1 + Math.min(Math.sqrt(-this.curvature), 4);
    return this.#profiles.reduce(
      (product, profile) =>
        product * profileWeight(profile, channel, this.channels),
      bend,
    );
  }

  #strongest(channel: number): LinguisticProfile | undefined {
    let best: LinguisticProfile | undefined;
    let most = -Infinity;
    for (const profile of this.#profiles) {
      const weight = profileWeight(profile, channel, this.channels);
      // Of equal ones the first registered stays.
      if (weight <= most) continue;
      most = weight;
      best = profile;
    }
    return best;
  }
}
