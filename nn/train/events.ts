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
   * @param type `TrainerStep`, or the kind of the event.
   * @returns Whether it would.
   */
  hasListeners?(type: string): boolean;
}
