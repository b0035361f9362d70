import type { FitResult } from "./fit_result.ts";
import type { EpochReport } from "./progress.ts";

/** What training announces. */
export type TrainingEvent =
  /** A pass over the training data begins. */
  | { readonly kind: "EpochStart"; readonly epoch: number }
  /** A pass over the training data is over; `loss` is its plain mean. */
  | {
    readonly kind: "EpochEnd";
    readonly epoch: number;
    readonly loss: number;
  }
  /** Measurements since the last ones. */
  | {
    readonly kind: "Telemetry";
    readonly data: Readonly<Record<string, number>>;
  }
  /** A step has been done. */
  | {
    readonly kind: "Custom";
    readonly eventType: "TrainerStep";
    readonly data: TrainerStep;
  }
  /** A pass over the training data and its validation are over. */
  | {
    readonly kind: "Custom";
    readonly eventType: "TrainerEpoch";
    readonly data: TrainerEpoch;
  }
  /** Training is over. */
  | {
    readonly kind: "Custom";
    readonly eventType: "TrainerEnd";
    readonly data: TrainerEnd;
  };

/** One step of training. */
export interface TrainerStep {
  /** Which step of this trainer it is, from 1. */
  readonly step: number;
  /** Which pass it belongs to, from 1. */
  readonly epoch: number;
  /** Which batch of the pass it took, from 1. */
  readonly batch: number;
  /** How many samples the batch had. */
  readonly examples: number;
  /** Mean loss of the batch, before the step. */
  readonly loss: number;
  /** The learning rate of the step. */
  readonly learningRate: number;
}

/** One pass over the training data. */
export interface TrainerEpoch extends EpochReport {
  /** The last pass there will be. */
  readonly epochs: number;
}

/** The end of training. */
export interface TrainerEnd extends Pick<FitResult, "outcome"> {
  /** How many passes have been done in all. */
  readonly epochs: number;
}

/** Where training announces what it does: an event bus, or anything that can publish. */
export interface TrainingEvents {
  /**
   * Announces an event.
   *
   * @param event The event.
   */
  publish(event: TrainingEvent): void;
  /**
   * Tells whether an event would be heard, so that it need not be made; it is made if this is left
   * out.
   *
   * @param type The `eventType` of a custom event, or the kind of another one.
   * @returns Whether it would.
   */
  hasListeners?(type: string): boolean;
}

/**
 * Tells whether an event would be heard.
 *
 * @param events Where it would be announced.
 * @param type What {@linkcode TrainingEvents.hasListeners} takes.
 * @returns Whether it would; it would if nobody can tell.
 */
export function isHeard(events: TrainingEvents, type: string): boolean {
  return events.hasListeners?.(type) ?? true;
}
