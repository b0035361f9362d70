import type { Clock } from "../../core/base/mod.ts";
import type { BatchSource } from "../data/batch.ts";
import type { Loss } from "../losses/loss.ts";
import type { Module } from "../module.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { TrainingEvents } from "./events.ts";
import type { EpochReport, TrainingProgress } from "./progress.ts";
import type { TextSink } from "./progress_bar.ts";

/** Options of {@linkcode Trainer}. */
export interface TrainerOptions {
  /** What is trained. It stays the caller's. */
  readonly model: Module;
  /** What is to become small. */
  readonly loss: Loss;
  /** How gradients change the model. */
  readonly optimizer: Optimizer;
  /** Where epochs are announced; nowhere if left out. */
  readonly events?: TrainingEvents;
  /**
   * What durations are measured by, and what lets other work have its turn now and then.
   *
   * @default {SYSTEM_CLOCK}
   */
  readonly clock?: Clock;
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
  /** Ends training before the next batch. */
  readonly signal?: AbortSignal;
  /** Where to draw a progress bar; nowhere if left out. */
  readonly progress?: TextSink;
}

/** How training went. */
export interface FitResult {
  /** Whether all epochs were done, or the signal ended it. The model keeps what it learned. */
  readonly outcome: "completed" | "aborted";
  /** The epochs that were done in full. */
  readonly epochs: readonly EpochReport[];
}
