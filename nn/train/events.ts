/** What training announces. */
export type TrainingEvent =
  /** A pass over the training data begins. */
  | { readonly kind: "EpochStart"; readonly epoch: number }
  /** A pass over the training data is over; `loss` is its plain mean. */
  | {
    readonly kind: "EpochEnd";
    readonly epoch: number;
    readonly loss: number;
  };

/** Where training announces what it does: an event bus, or anything that can publish. */
export interface TrainingEvents {
  /**
   * Announces an event.
   *
   * @param event The event.
   */
  publish(event: TrainingEvent): void;
}
