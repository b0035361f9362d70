import { type Clock, SYSTEM_CLOCK } from "../base/mod.ts";

/** How long the host may have to wait for its turn, in milliseconds. */
const TURN_MS = 20;

/** How many steps are taken before the clock is looked at. */
const STEPS_PER_LOOK = 128;

/** How much may be done, and for whom. */
export interface EffortOptions {
  /** How many steps may be taken: decisions, and conflicts that were understood. */
  readonly stepsMax: number;
  /** Ends the work when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock | undefined;
}

/**
 * What a search may cost. It counts steps, not time, so that the same search ends in the same way on
 * every machine; and it gives the host its turn now and then, without which nobody could abort it.
 */
export class Effort {
  readonly #options: EffortOptions;
  readonly #whole: Effort | undefined;
  readonly #clock: Clock;
  #steps = 0;
  #turnMs: number;

  /**
   * Constructs a new instance, of which nothing has been spent.
   *
   * @param options How much may be done.
   * @param whole What this is a part of.
   */
  constructor(options: EffortOptions, whole?: Effort) {
    this.#options = options;
    this.#whole = whole;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#turnMs = this.#clock.nowMs();
  }

  /** Whether no step is left. */
  get isSpent(): boolean {
    return this.#steps >= this.#options.stepsMax ||
      (this.#whole?.isSpent ?? false);
  }

  /**
   * Sets some of it aside for one purpose.
   *
   * @param stepsMax How many steps that may take.
   * @returns The part, what is spent of which is spent of the whole.
   */
  part(stepsMax: number): Effort {
    return new Effort({ ...this.#options, stepsMax }, this);
  }

  /**
   * Spends a step.
   *
   * @returns To be waited for, if there is anything, before the next one.
   * @throws The signal's reason if it is aborted.
   */
  spend(): Promise<void> | undefined {
    this.#options.signal?.throwIfAborted();
    this.#count();
    if (this.#steps % STEPS_PER_LOOK !== 0) return undefined;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#turnMs < TURN_MS) return undefined;
    return this.#yield();
  }

  #count(): void {
    this.#steps++;
    if (this.#whole !== undefined) this.#whole.#count();
  }

  async #yield(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.after(0, resolve));
    this.#turnMs = this.#clock.nowMs();
    this.#options.signal?.throwIfAborted();
  }
}
