import type { Clock } from "../../core/base/mod.ts";
import { isHeard, type TrainerStep, type TrainingEvents } from "./events.ts";

/** A step whose loss has not been read. */
export type PendingStep = Omit<TrainerStep, "loss">;

/**
 * Announces steps when their losses are read, several at a time: no step waits for its loss to be
 * announced. While nobody listens, nothing is made.
 */
export class StepAnnouncer {
  readonly #events: TrainingEvents | undefined;
  readonly #clock: Clock;
  #pending: PendingStep[] = [];
  #sinceMs = 0;

  /**
   * Constructs a new instance.
   *
   * @param events Where steps are announced; nowhere if there is none.
   * @param clock What durations are measured by.
   */
  constructor(events: TrainingEvents | undefined, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
  }

  /** Starts to measure: a pass begins. */
  start(): void {
    // Those of a pass that failed are not read.
    this.#pending = [];
    this.#sinceMs = this.#clock.nowMs();
  }

  /**
   * Notes a step.
   *
   * @param step The step.
   */
  add(step: PendingStep): void {
    if (this.#events) this.#pending.push(step);
  }

  /**
   * Announces the steps that have been noted.
   *
   * @param losses Their losses, in order.
   */
  announce(losses: readonly number[]): void {
    const events = this.#events;
    const steps = this.#pending;
    const nowMs = this.#clock.nowMs();
    const elapsedMs = nowMs - this.#sinceMs;
    this.#pending = [];
    this.#sinceMs = nowMs;
    const last = steps.at(-1);
    if (events === undefined || last === undefined) return;
    if (isHeard(events, "TrainerStep")) {
      for (const [i, step] of steps.entries()) {
        const data = { ...step, loss: losses[i]! };
        events.publish({ kind: "Custom", eventType: "TrainerStep", data });
      }
    }
    if (!isHeard(events, "Telemetry")) return;
    let examples = 0;
    let loss = 0;
    for (const [i, step] of steps.entries()) {
      examples += step.examples;
      loss += losses[i]! * step.examples;
    }
    const data = {
      loss: loss / examples,
      learningRate: last.learningRate,
      stepMs: elapsedMs / steps.length,
      // A fast machine may do several steps within one tick of the clock.
      examplesPerSecond: 1000 * examples / Math.max(elapsedMs, 1),
    };
    events.publish({ kind: "Telemetry", data });
  }
}
