/** What became of one event. */
export interface PublishReport {
  /** What the event was routed by. */
  readonly eventType: string;
  /** Listeners there were when it was published. */
  readonly matched: number;
  /** Those that were called and have not failed. */
  readonly delivered: number;
  /** Those of them that have not come to an end. */
  readonly pending: number;
  /** What went wrong, in the order of delivery. */
  readonly failures: readonly ListenerFailure[];
}

/** One listener that failed. */
export interface ListenerFailure {
  /** Number of its subscription. */
  readonly subscriptionId: number;
  /** Id of the plugin it belongs to, if it does. */
  readonly owner?: string;
  /** The code it failed with, or `LISTENER_FAILED` or `LISTENER_TIMEOUT`. */
  readonly code: string;
  /** What it said. */
  readonly message: string;
}

/** What a call of one listener came to. */
export type Outcome = "skipped" | "done" | "pending" | ListenerFailure;

/**
 * Sums up what became of an event.
 *
 * @param eventType What it was routed by.
 * @param outcomes What the call of each listener came to.
 * @returns The report.
 */
export function reportOf(
  eventType: string,
  outcomes: readonly Outcome[],
): PublishReport {
  const failures = outcomes.filter((outcome) => typeof outcome === "object");
  const pending = outcomes.filter((outcome) => outcome === "pending").length;
  const skipped = outcomes.filter((outcome) => outcome === "skipped").length;
  const matched = outcomes.length;
  const delivered = matched - skipped - failures.length;
  return { eventType, matched, delivered, pending, failures };
}
