/**
 * What follows from what, when listeners go on after an `await`. The depth of calls sees only what is
 * published before a listener returns; here each call of a listener that has returned a promise gets
 * a link, which everything it does afterwards carries, so that an event knows how many others led to
 * it.
 *
 * Nothing is loaded, and nothing asked, before some listener has returned a promise.
 *
 * @module
 */
import { asyncHooks, type Clock } from "../base/mod.ts";

/** How long events may follow from each other at full speed, in milliseconds. */
const WINDOW_MS = 1000;

/** How many events may follow from each other in that time: a timer that renews itself is slower. */
export const LINKS_MAX = 256;

/** The same for events that also multiply, of which there are too many long before. */
const LINKS_MAX_OF_MANY = 4;

/** How many calls make many. */
const MANY = 4096;

/** What the calls have in common that go back to one event. */
interface Root {
  sinceMs: number;
  calls: number;
}

/** One call of a listener, and how many calls came before it, one from the other. */
interface Link {
  readonly root: Root;
  readonly length: number;
}

/** The links of the listeners of one bus. */
export class AsyncChain {
  readonly #clock: Clock;
  readonly #storage = new (asyncHooks().AsyncLocalStorage)<Link>();

  /**
   * Constructs a new instance, without links.
   *
   * @param clock Where time comes from.
   */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether what runs now goes back through too many listeners. */
  get isSpent(): boolean {
    const link = this.#storage.getStore();
    return link !== undefined && (link.length > LINKS_MAX ||
      link.length > LINKS_MAX_OF_MANY && link.root.calls > MANY);
  }

  /**
   * Calls a listener, with a link to what runs now.
   *
   * @param call Calls it.
   * @returns What the listener returns.
   */
  run<T>(call: () => T): T {
    const nowMs = this.#clock.nowMs();
    const before = this.#storage.getStore();
    const isSlow = before !== undefined &&
      nowMs - before.root.sinceMs > WINDOW_MS;
    const link = before === undefined || isSlow
      ? { root: { sinceMs: nowMs, calls: 0 }, length: 1 }
      : { root: before.root, length: before.length + 1 };
    link.root.calls++;
    return this.#storage.run(link, call);
  }
}

/** Does something as if it followed from what led here. */
export type Origin = <T>(work: () => T) => T;

/**
 * Keeps what runs now as the origin of what is done later, elsewhere.
 *
 * @returns Does something as if it followed from here.
 */
export function keepOrigin(): Origin {
  return asyncHooks().AsyncLocalStorage.snapshot();
}
