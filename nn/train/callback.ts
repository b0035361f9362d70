import type { Module } from "../module.ts";
import type { EpochReport } from "./progress.ts";
import type { CallbackState } from "./run_state.ts";
import type { FitResult } from "./fit_result.ts";

/** What a callback may do with the training that it is called by. */
export interface TrainingControl {
  /** What is trained. */
  readonly model: Module;
  /** Ends training after this pass: the outcome is `stopped`. */
  stop(): void;
}

/**
 * Takes part in training. Each method is awaited before training goes on; what it throws ends `fit`.
 * Events on a bus are for those who only want to hear of it.
 */
export interface TrainerCallback {
  /** What its state is kept under in checkpoints; unique among the callbacks of a call. */
  readonly name: string;
  /**
   * Called before each pass.
   *
   * @param epoch Which pass, from 1.
   * @param control What can be done with the training.
   */
  onEpochStart?(epoch: number, control: TrainingControl): void | Promise<void>;
  /**
   * Called after each pass and its validation, before the checkpoint.
   *
   * @param report How the pass went.
   * @param control What can be done with the training.
   */
  onEpochEnd?(
    report: EpochReport,
    control: TrainingControl,
  ): void | Promise<void>;
  /**
   * Called when training is over, also when it was aborted.
   *
   * @param result How it went.
   * @param control What can be done with the training.
   */
  onFitEnd?(result: FitResult, control: TrainingControl): void | Promise<void>;
  /**
   * Tells what is to be found again after a restart; nothing if left out.
   *
   * @returns What goes into the checkpoint.
   */
  state?(): CallbackState;
  /**
   * Takes back what `state` told.
   *
   * @param state What was in the checkpoint.
   */
  restore?(state: CallbackState): void;
}
