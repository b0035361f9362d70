import { type Shape, shapeMismatch } from "../../core/base/mod.ts";
import { ones, type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import {
  channelsShape,
  NORM_SCHEMA,
  type NormConfig,
  normSettings,
} from "./norm_config.ts";
import { applyScaleAndShift, scaleAndShift } from "./scale_and_shift.ts";

/** Settings of a batch norm in a config. */
export interface BatchNormConfig extends NormConfig {
  /**
   * How much of a batch's mean and variance goes into the running ones.
   *
   * @default {0.1}
   */
  readonly momentum?: number;
}

/**
 * Brings each channel to mean 0 and variance 1 over a batch; in use, by the mean and variance that were
 * seen in training.
 *
 * **Shapes**: `x [batch, features, ...] -> y`, of the same shape; `weight`, `bias`, `runningMean`,
 * `runningVariance [features]`.
 *
 * **Numerics**: a batch is divided by its own variance, over n; the running one is over n - 1.
 *
 * **Source**: Ioffe, Szegedy, "Batch normalization" (2015), algorithms 1 and 2, with PyTorch's momentum.
 */
export abstract class BatchNorm extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<BatchNormConfig>;
  /** What channels are multiplied by, `[features]`, if they are. */
  readonly weight: Parameter | undefined;
  /** What is added, `[features]`, if anything is. */
  readonly bias: Parameter | undefined;
  /** The mean of each channel, as seen in training. */
  readonly runningMean: Parameter;
  /** The variance of each channel, as seen in training. */
  readonly runningVariance: Parameter;

  /**
   * Constructs a new instance.
   *
   * @param config How many channels, and what is learned.
   * @throws {OptionError} `INVALID_OPTION` if `features` is no whole number above 0, or another setting
   * no number from 0.
   */
  constructor(config: BatchNormConfig) {
    super();
    const settings = normSettings("BatchNorm", config);
    const { features } = settings;
    const { momentum = 0.1 } = config;
    assertNumber("BatchNorm momentum", momentum, { min: 0 });
    this.settings = { ...settings, momentum };
    ({ weight: this.weight, bias: this.bias } = scaleAndShift(settings));
    const options = { trainable: false };
    this.runningMean = new Parameter(zeros([features]), options);
    this.runningVariance = new Parameter(ones([features]), options);
  }

  /**
   * Tells whether a shape is one that the layer takes.
   *
   * @param shape The shape.
   * @returns Whether it has as many axes as it must.
   */
  protected abstract takes(shape: Shape): boolean;

  /**
   * Describes the channels after the norm. In training it notes the running mean and variance.
   *
   * @param x The channels, `[batch, features, ...]`.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the shape is another, or a batch in training has one
   * number a channel only.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("BatchNorm", x);
    const { features, epsilon } = this.settings;
    if (!this.takes(x.shape) || x.shape[1] !== features) {
      throw shapeMismatch("BatchNorm", x.shape, [features], {
        rule: "the second axis must have as many places as there are features",
      });
    }
    const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const seen = x.shape.map((_, axis) => axis === 1 ? features : 1);
    const { mean, variance } = this.isTraining
      ? this.#measure(x, axes)
      : { mean: this.runningMean, variance: this.runningVariance };
    const scale = variance.add(epsilon).rsqrt();
    const y = x.sub(mean.reshape(seen)).mul(scale.reshape(seen));
    return applyScaleAndShift(y, this, seen);
  }

  #measure(
    x: Tensor,
    axes: readonly number[],
  ): { readonly mean: Tensor; readonly variance: Tensor } {
    const { features, momentum } = this.settings;
    const count = x.size / features;
    if (count < 2) {
      throw shapeMismatch("BatchNorm in training", x.shape, [features], {
        rule: "a channel must have two numbers at least",
      });
    }
    const mean = x.mean(axes);
    const variance = x.variance(axes);
    const unbiased = variance.mul(count / (count - 1));
    for (
      const [running, value] of [
        [this.runningMean, mean],
        [this.runningVariance, unbiased],
      ] as const
    ) {
      const kept = this.currentOf(running).mul(1 - momentum);
      this.note(running, kept.add(value.mul(momentum)));
    }
    return { mean, variance };
  }
}

/**
 * Brings each feature to mean 0 and variance 1 over a batch, of samples or of lines.
 *
 * **Shapes**: `x [batch, features] -> y [batch, features]`, or `x [batch, features, length]`.
 *
 * **Source**: as {@linkcode BatchNorm2d}.
 */
export class BatchNorm1d extends BatchNorm {
  /**
   * Tells whether a shape is one that the layer takes.
   *
   * @param shape The shape.
   * @returns Whether it has as many axes as it must.
   */
  protected override takes({ length }: Shape): boolean {
    return length === 2 || length === 3;
  }
}

/**
 * Brings each channel to mean 0 and variance 1 over a batch of images; in use, by the mean and variance
 * that were seen in training.
 *
 * **Shapes**: `x [batch, features, height, width] -> y`, of the same shape.
 *
 * **Numerics**: a batch is divided by its own variance, over n; the running one is over n - 1.
 *
 * **Source**: Ioffe, Szegedy, "Batch normalization" (2015), algorithms 1 and 2, with PyTorch's momentum.
 */
export class BatchNorm2d extends BatchNorm {
  /**
   * Tells whether a shape is one that the layer takes.
   *
   * @param shape The shape.
   * @returns Whether it has as many axes as it must.
   */
  protected override takes({ length }: Shape): boolean {
    return length === 4;
  }
}

const CONFIG = {
  ...NORM_SCHEMA,
  properties: {
    ...NORM_SCHEMA["properties"] as object,
    momentum: { type: "number", minimum: 0, default: 0.1 },
  },
};

/** `batch_norm1d`: {@linkcode BatchNorm1d} by name. */
export const batchNorm1dDefinition: ModuleDefinition<BatchNormConfig> = {
  type: "batch_norm1d",
  displayName: "BatchNorm1d",
  description: "Each feature with mean 0 and variance 1 over a batch.",
  category: "Normalization",
  config: CONFIG,
  inferShape: ({ features }, [x]) =>
    x!.length > 3 ? channelsShape([], features) : channelsShape(x!, features),
  create: (config) => new BatchNorm1d(config),
  toConfig: (module) =>
    module instanceof BatchNorm1d ? module.settings : undefined,
};

/** `batch_norm2d`: {@linkcode BatchNorm2d} by name. */
export const batchNorm2dDefinition: ModuleDefinition<BatchNormConfig> = {
  type: "batch_norm2d",
  displayName: "BatchNorm2d",
  description: "Each channel with mean 0 and variance 1 over a batch.",
  category: "Normalization",
  config: CONFIG,
  inferShape: ({ features }, [x]) => channelsShape(x!, features, 4),
  create: (config) => new BatchNorm2d(config),
  toConfig: (module) =>
    module instanceof BatchNorm2d ? module.settings : undefined,
};
