import type { Clock } from "../../../core/base/mod.ts";
import type { DashboardFeed, Seen } from "../feed/dashboard_feed.ts";

/** Shortest time between frames: what happens meanwhile goes into one. */
const FRAME_MS = 100;
/** Longest time without a word, after which a lost connection shows. */
const SILENCE_MS = 15_000;

/**
 * One who looks at a feed: gets what is new whenever they are ready for more. Nothing is queued for them.
 */
export class Viewer implements Disposable {
  readonly #feed: DashboardFeed;
  readonly #clock: Clock;
  #seen: Seen | undefined;
  #isOver = false;
  #wake: (() => void) | undefined;

  /**
   * Constructs a new instance, which has seen nothing.
   *
   * @param feed What is looked at.
   * @param clock What waits.
   */
  constructor(feed: DashboardFeed, clock: Clock) {
    this.#feed = feed;
    this.#clock = clock;
  }

  /** What they get, as a stream of server-sent events that makes the next one when it is asked for it. */
  get stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const encoder = new TextEncoder();
    return new ReadableStream({
      pull: async (controller) => {
        const text = await this.next();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => this[Symbol.dispose](),
    }, { highWaterMark: 0 });
  }

  /**
   * Waits for something new.
   *
   * @returns A server-sent event; a comment if nothing has happened for long; `undefined` at the end.
   */
  async next(): Promise<string | undefined> {
    if (this.#seen) await this.#pause(FRAME_MS);
    let news = this.#feed.after(this.#seen);
    if (!news && !this.#isOver) {
      using _watch = this.#feed.watch(() => this.#wake?.());
      await this.#pause(SILENCE_MS);
      news = this.#feed.after(this.#seen);
    }
    if (this.#isOver) return undefined;
    if (!news) return ": nothing new\n\n";
    this.#seen = news.seen;
    return `data: ${JSON.stringify(news.frame)}\n\n`;
  }

  /** Ends what they get. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async #pause(delayMs: number): Promise<void> {
    if (this.#isOver) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _timer = this.#clock.after(delayMs, resolve);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
  }
}
