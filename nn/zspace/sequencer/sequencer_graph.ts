/**
 * What a sequencer computes, as a graph: everything but who watches it.
 *
 * @module
 */
import { OptionChecks } from "../check_options.ts";
import { shapeMismatch, sizeOf } from "../../../core/base/mod.ts";
import { optionsOf, type Tensor, tensor, zeros } from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import type { CoherenceEngine } from "../coherence/coherence_engine.ts";
import { smoothingOf } from "../coherence/linguistic_profile.ts";
import type { PreDiscardPolicy } from "../coherence/pre_discard.ts";
import { averageBothWays } from "../coherence/moving_averages.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { Parameter } from "../../parameter.ts";
import type { ResolvedSequencer } from "./sequencer_options.ts";

/** What one forward pass describes. */
export interface SequencerOutputs {
  /** The result, of the input's shape. */
  readonly output: Tensor;
  /** Weights of the channels, after discards: `[channels]`, or `[rows, channels]`. */
  readonly coherence: Tensor;
  /** Weights before discards. */
  readonly measured: Tensor;
  /** The rows inside the ball, `[rows, dim]`. */
  readonly projected: Tensor;
  /** The rows, smoothed, `[rows, dim]`. */
  readonly aggregated: Tensor;
}

/** Which rows a question is about. */
export interface MeasureOptions {
  /**
   * Whether rows are measured inside the ball, as `forward` does, or as they come.
   *
   * @default {"projected"}
   */
  readonly measureOn?: "projected" | "raw";
}

/** Parameters by name; none where weights are classic. */
export type SequencerParameters = ReadonlyMap<string, Tensor>;

/** Describes what a sequencer computes. */
export class SequencerGraph {
  readonly #settings: ResolvedSequencer;
  readonly #engine: CoherenceEngine;
  readonly #ball: PoincareBall;
  readonly #beta: number;
  /** No projected row is longer. */
  readonly #radius: number;

  /**
   * Constructs a new instance.
   *
   * @param settings What the sequencer was made of.
   * @param engine Weighs the channels.
   */
  constructor(settings: ResolvedSequencer, engine: CoherenceEngine) {
    const { curvature, concept, geometry } = settings;
    this.#settings = settings;
    this.#engine = engine;
    this.#ball = new PoincareBall({ curvature });
    this.#beta = smoothingOf(concept, curvature);
    this.#radius = geometry === "exact" ? 1 / Math.sqrt(-curvature) : 1;
  }

  /**
   * Makes what is learned, with the values at which it changes nothing.
   *
   * @returns Parameters by name; none where weights are classic.
   */
  parameters(): ReadonlyMap<string, Parameter> {
    const { weights, channels } = this.#settings;
    if (weights === "classic") return new Map();
    const logit = Math.log(this.#beta / (1 - this.#beta));
    return new Map([
      ["coherence.logits", new Parameter(zeros([channels]))],
      ["coherence.logTemperature", new Parameter(zeros([1]))],
      ["ema.betaLogit", new Parameter(tensor([logit]))],
    ]);
  }

  /**
   * Describes one pass.
   *
   * @param x Rows, `[..., dim]`.
   * @param options What is learned, and which channels are left out.
   * @returns The result, weights, and rows on the way.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   * @throws {ZSpaceError} `EMPTY_INPUT` if there are no rows; `VOLUME_EXCEEDED` if there are too many.
   */
  describe(
    x: Tensor,
    { parameters, policy }: {
      readonly parameters: SequencerParameters;
      readonly policy: PreDiscardPolicy | undefined;
    },
  ): SequencerOutputs {
    const { channels, topos, rescale } = this.#settings;
    const projected = this.#project(this.#rows(x));
    const measured = this.#measure(projected, parameters);
    const coherence = policy ? policy.apply(measured) : measured;
    const weighed = projected.mul(this.#columnWeights(coherence));
    const aggregated = topos.rewrite(
      "aggregated",
      averageBothWays(weighed, this.smoothing(parameters)),
      // Shares and averages make nothing larger.
      { bound: this.#radius },
    );
    const scaled = rescale ? aggregated.mul(channels) : aggregated;
    const output = this.#leave(scaled).reshape(x.shape);
    return { output, coherence, measured, projected, aggregated };
  }

  /**
   * Describes the weights of rows as they come, or inside the ball.
   *
   * @param x Rows, `[..., dim]`.
   * @param parameters What is learned.
   * @param options Which of both.
   * @returns The weights.
   */
  weigh(
    x: Tensor,
    parameters: SequencerParameters,
    options?: MeasureOptions,
  ): Tensor {
    const { measureOn = "projected" } = optionsOf("measuring", options);
    const checks = new OptionChecks("measuring");
    checks.oneOf("measureOn", measureOn, ["projected", "raw"]);
    checks.end();
    const rows = this.#rows(x);
    return this.#measure(
      measureOn === "raw" ? rows : this.#project(rows),
      parameters,
    );
  }

  /**
   * The share of a new value in the moving averages.
   *
   * @param parameters What is learned.
   * @returns A number, or a tensor of one.
   */
  smoothing(parameters: SequencerParameters): number | Tensor {
    return parameters.get("ema.betaLogit")?.sigmoid() ?? this.#beta;
  }

  #rows(x: Tensor): Tensor {
    assertTensor("the sequencer", x);
    const { dim } = this.#settings;
    const { shape } = x;
    if (shape.at(-1) !== dim) {
      throw shapeMismatch("the sequencer", shape, [dim], {
        axis: -1,
        rule: "sizes must be equal",
      });
    }
    return x.reshape([sizeOf(shape.slice(0, -1)), dim]);
  }

  #project(rows: Tensor): Tensor {
    const { topos, geometry, curvature } = this.#settings;
    const inside = geometry === "exact"
      ? this.#ball.exp0(rows, { clip: false })
      : PoincareBall.classic.project(rows, { curvature });
    return topos.rewrite("projected", inside, { bound: this.#radius });
  }

  #measure(rows: Tensor, parameters: SequencerParameters): Tensor {
    const { pooling } = this.#settings;
    const energies = this.#engine.measureEnergies(rows, pooling);
    const logits = parameters.get("coherence.logits");
    if (!logits) return energies.div(energies.sum(-1, { keepDims: true }));
    const temperature = parameters.get("coherence.logTemperature")!;
    return energies.log().mul(temperature.exp()).add(logits).softmax(-1);
  }

  /** Weights as factors of columns; what is no number, or negative, counts as 0. */
  #columnWeights(coherence: Tensor): Tensor {
    const { dim, channels } = this.#settings;
    const width = this.#engine.channelWidth;
    const isSound = coherence.greaterOrEqual(0).and(coherence.less(Infinity));
    const sound = isSound.where(coherence, 0);
    const shares = sound.div(sound.sum(-1, { keepDims: true }).maximum(1e-6));
    const leading = shares.shape.slice(0, -1);
    const columns = shares.unsqueeze(-1).expand([...leading, channels, width])
      .reshape([...leading, channels * width]);
    if (channels * width === dim) return columns;
    return columns.slice([...leading.map(() => null), [0, dim]]);
  }

  #leave(aggregated: Tensor): Tensor {
    const { output } = this.#settings;
    if (output === "raw") return aggregated;
    const inside = this.#ball.project(aggregated);
    return output === "ball" ? inside : this.#ball.log0(inside);
  }
}
