import type { Clock } from "../../core/base/mod.ts";
import type { BatchSource } from "../data/batch.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Module } from "../module.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { TrainerCallback } from "./callback.ts";
import type { Precision } from "./precision.ts";
import type { CheckpointOptions } from "./checkpoint_store.ts";
import type { TrainingEvents } from "./events.ts";
import type { TrainingProgress } from "./progress.ts";
import type { TextSink } from "./progress_bar.ts";

/** Options of {@linkcode Trainer}. */
export interface TrainerOptions {
  /** What is trained. It stays the caller's. */
  readonly model: Module;
  /** What is to become small. */
  readonly loss: Loss;
  /** How gradients change the model. */
  readonly optimizer: Optimizer;
  /**
   * What is measured besides the loss, by the names that it is reported under: in training while the
   * model is learning, on validation data and by `evaluate` as it is used.
   *
   * @default {{}}
   */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** Where epochs are announced; nowhere if left out. */
  readonly events?: TrainingEvents;
  /**
   * What durations are measured by, and what lets other work have its turn now and then.
   *
   * @default {SYSTEM_CLOCK}
   */
  readonly clock?: Clock;
  /**
   * Whether `fit` fails at the first step whose loss or slopes are not finite, names the part of the
   * model they come from, and leaves everything as it was before the step.
   *
   * **Cost**: one walk over all slopes, and one number read back at each step.
   *
   * @default {false}
   */
  readonly nanGuard?: boolean;
  /**
   * Whether most values between the layers of a `Sequential` are computed again for the gradients
   * instead of being kept.
   *
   * **Cost**: one more forward pass a step; memory for √n of n layers, twice.
   *
   * @default {false}
   */
  readonly gradientCheckpointing?: boolean;
  /**
   * How values between the products of the model (linear layers, convolutions, attention) are stored while
   * it is trained. Half types take half the memory for what gradients keep; parameters, sums, the loss and
   * what the optimizer remembers stay `float32`, and so does evaluation. With `float16` the loss is scaled,
   * and steps whose slopes are not finite are passed over.
   *
   * @default {"float32"}
   */
  readonly precision?: Precision;
}

/** Options of {@linkcode Trainer.fit}. */
export interface FitOptions {
  /** How often to go through the training data. */
  readonly epochs: number;
  /** Data to measure on after each epoch, and not to train on. */
  readonly validation?: BatchSource;
  /**
   * Called now and then, and at the end of each epoch.
   *
   * @param progress How training is going.
   */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** How the learning rate changes in the course of this call; it stays as it is if left out. */
  readonly schedule?: Schedule;
  /**
   * Takes part in training, in this order.
   *
   * @default {[]}
   */
  readonly callbacks?: readonly TrainerCallback[];
  /** When and where checkpoints are written; never if left out. */
  readonly checkpoint?: CheckpointOptions;
  /** Ends training before the next batch, with a checkpoint if any are written. */
  readonly signal?: AbortSignal;
  /** Where to draw a progress bar; nowhere if left out. */
  readonly progress?: TextSink;
}
