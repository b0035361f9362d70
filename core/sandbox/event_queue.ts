/** How many deliveries a guest may have at once; the others wait for an answer to one of them. */
const OPEN_MAX = 64;

/** How many may wait. */
export const QUEUE_MAX = 1024;

/** How deliveries are made. */
export interface EventQueueOptions<Delivery> {
  /**
   * Makes a delivery.
   *
   * @param delivery What to deliver.
   * @param dropped How many have been dropped since the one before.
   * @returns Settles when the guest has answered.
   */
  readonly send: (delivery: Delivery, dropped: number) => Promise<void>;
}

interface Waiting<Delivery> {
  readonly delivery: Delivery;
  readonly settle: (answer: void | Promise<void>) => void;
}

/**
 * Deliveries to one guest, in order. A guest that is too slow does not fill the host's memory: what
 * waits is bounded, the oldest makes room, and the next delivery says how many have gone.
 *
 * @typeParam Delivery What is delivered.
 */
export class EventQueue<Delivery> {
  readonly #send: EventQueueOptions<Delivery>["send"];
  readonly #waiting: Waiting<Delivery>[] = [];
  #open = 0;
  #dropped = 0;

  /**
   * Constructs a new instance.
   *
   * @param options How deliveries are made.
   */
  constructor({ send }: EventQueueOptions<Delivery>) {
    this.#send = send;
  }

  /**
   * Makes a delivery when its turn comes.
   *
   * @param delivery What to deliver.
   * @returns Settles when the guest has answered, or the delivery has been dropped.
   */
  add(delivery: Delivery): Promise<void> {
    if (this.#open < OPEN_MAX) return this.#start(delivery);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ delivery, settle: resolve });
    if (this.#waiting.length > QUEUE_MAX) {
      this.#dropped++;
      this.#waiting.shift()?.settle();
    }
    return promise;
  }

  async #start(delivery: Delivery): Promise<void> {
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#open++;
    try {
      await this.#send(delivery, dropped);
    } finally {
      this.#open--;
      const next = this.#waiting.shift();
      next?.settle(this.#start(next.delivery));
    }
  }
}
