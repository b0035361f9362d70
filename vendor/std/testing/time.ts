/**
 * Stand-in for `jsr:@std/testing/time` where JSR cannot be reached: a clock
 * that stands still until it is moved, under the names of the original and
 * with its meaning. The mock timers of `node:test` would not do: real time
 * stops with them too, so that nothing real can be awaited.
 *
 * @module
 */
import type { DelayOptions } from "@std/async";

export type { DelayOptions };

/** Fake time was asked for something that it cannot do now. */
export class TimeError extends Error {
  /** Makes one from what cannot be done. */
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

/** How fake time moves by itself. */
export interface FakeTimeOptions {
  /** Fake milliseconds a real one; 0, the default, stands still. */
  advanceRate: number;
  /** Real milliseconds between two moves; 10 by default. */
  advanceFrequency?: number;
}

type Callback = (...args: unknown[]) => void;

interface Timer {
  callback: Callback;
  args: unknown[];
  due: number;
  /** Milliseconds between two calls of an interval. */
  every?: number;
}

/** The globals that are faked, besides `AbortSignal.timeout`. */
type Globals = Pick<
  typeof globalThis,
  | "Date"
  | "setTimeout"
  | "clearTimeout"
  | "setInterval"
  | "clearInterval"
>;

const real: Globals = {
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
};
const realSignalTimeout = AbortSignal.timeout;

/** Globals are one per process, so there is one fake time too. */
let active: FakeTime | undefined;

function withRealTime<T>(run: () => T): T {
  const faked = active?.fakes;
  Object.assign(globalThis, real);
  AbortSignal.timeout = realSignalTimeout;
  const back = () => {
    if (!faked || active?.fakes !== faked) return;
    Object.assign(globalThis, faked.globals);
    AbortSignal.timeout = faked.signalTimeout;
  };
  let result: T;
  try {
    result = run();
  } catch (error) {
    back();
    throw error;
  }
  if (result instanceof Promise) return result.finally(back) as T;
  back();
  return result;
}

interface Fakes {
  globals: Record<keyof Globals, unknown>;
  signalTimeout: typeof AbortSignal.timeout;
}

/** Holds `Date` and the timers still until it is restored. */
export class FakeTime {
  readonly #timers = new Map<number, Timer>();
  readonly #start: number;
  readonly #mover: ReturnType<typeof setInterval> | undefined;
  #now: number;
  #lastId = 0;

  /**
   * What stands in for the real globals.
   *
   * @internal
   */
  readonly fakes: Fakes;

  /** Stops the time at `start`, or now. */
  constructor(
    start?: number | string | Date | null,
    options?: FakeTimeOptions,
  ) {
    if (active) {
      throw new TimeError("Cannot construct FakeTime: time is already faked");
    }
    this.#start = Math.floor(new Date(start ?? Date.now()).valueOf());
    if (Number.isNaN(this.#start)) {
      throw new TypeError(
        `Cannot construct FakeTime: invalid start time ${this.#start}`,
      );
    }
    this.#now = this.#start;
    this.fakes = this.#makeFakes();
    const { advanceRate = 0, advanceFrequency = 10 } = options ?? {};
    if (advanceRate > 0) {
      const move = () => this.tick(advanceRate * advanceFrequency);
      this.#mover = real.setInterval(move, advanceFrequency);
    }
    Object.assign(globalThis, this.fakes.globals);
    AbortSignal.timeout = this.fakes.signalTimeout;
    active = this;
  }

  #makeFakes(): Fakes {
    const read = () => this.#now;
    const add = (callback: Callback, wait = 0, args: unknown[]) => {
      const id = ++this.#lastId;
      const due = this.#now + Math.max(0, Math.floor(wait));
      this.#timers.set(id, { callback, args, due });
      return id;
    };
    const clear = (id?: unknown) => void this.#timers.delete(Number(id));
    const globals = {
      Date: new Proxy(real.Date, {
        construct: (target, args) =>
          Reflect.construct(target, args.length ? args : [read()]),
        apply: () => new real.Date(read()).toString(),
        get: (target, key) => key === "now" ? read : Reflect.get(target, key),
      }),
      setTimeout: (callback: Callback, wait?: number, ...args: unknown[]) =>
        add(callback, wait, args),
      setInterval: (callback: Callback, wait = 0, ...args: unknown[]) => {
        const every = Math.max(1, Math.floor(wait));
        const id = add(callback, every, args);
        this.#timers.get(id)!.every = every;
        return id;
      },
      clearTimeout: clear,
      clearInterval: clear,
    };
    const signalTimeout = (ms: number) => {
      const controller = new AbortController();
      const reason = new DOMException("Signal timed out.", "TimeoutError");
      add(() => controller.abort(reason), ms, []);
      return controller.signal;
    };
    return { globals, signalTimeout };
  }

  /** Where the time was stopped, in milliseconds since 1970. */
  get start(): number {
    return this.#start;
  }

  /** The fake time, in milliseconds since 1970; it can be set forwards. */
  get now(): number {
    return this.#now;
  }
  set now(value: number) {
    if (value < this.#now) {
      throw new RangeError(
        `Cannot set current time in the past, time must be >= ${this.#now}: received ${value}`,
      );
    }
    for (let next = this.#next(); next; next = this.#next()) {
      const [id, timer] = next;
      if (timer.due > value) break;
      this.#now = timer.due;
      // An interval goes behind the timers that are due at the same time.
      this.#timers.delete(id);
      if (timer.every) {
        this.#timers.set(id, { ...timer, due: timer.due + timer.every });
      }
      timer.callback(...timer.args);
    }
    this.#now = value;
  }

  /** The timer that is due first, and of those the one that was set first. */
  #next(): [id: number, timer: Timer] | undefined {
    let first: [number, Timer] | undefined;
    for (const entry of this.#timers) {
      if (!first || entry[1].due < first[1].due) first = entry;
    }
    return first;
  }

  /** Moves on by `ms`, and runs every timer that is due by then. */
  tick(ms = 0): void {
    this.now += ms;
  }

  /** Runs what waits for promises, then moves on by `ms`. */
  async tickAsync(ms = 0): Promise<void> {
    await this.runMicrotasks();
    this.tick(ms);
  }

  /** Moves on to the next timer; `false` if there is none. */
  next(): boolean {
    const next = this.#next();
    if (next) this.now = Math.max(this.#now, next[1].due);
    return next !== undefined;
  }

  /** Runs what waits for promises, then moves on to the next timer. */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /** Moves on until no timer is left. */
  runAll(): void {
    while (this.next());
  }

  /** Moves on until no timer is left, and runs promises before each. */
  async runAllAsync(): Promise<void> {
    while (await this.nextAsync());
  }

  /** Runs what waits for promises. */
  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  /** Resolves after `ms` of real time. */
  delay(ms: number, { signal }: DelayOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      function abort(): void {
        real.clearTimeout.call(globalThis, timer);
        reject(new DOMException("Delay was aborted.", "AbortError"));
      }
      const timer = real.setTimeout.call(globalThis, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      }, ms);
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Gives the real time back. */
  restore(): void {
    if (active !== this) {
      throw new TimeError("Cannot restore time: time is already restored");
    }
    active = undefined;
    withRealTime(() => real.clearInterval(this.#mover));
  }

  /** Gives the real time back. */
  static restore(): void {
    if (!active) {
      throw new TimeError("Cannot restore time: time is already restored");
    }
    active.restore();
  }

  /** Runs `callback` in real time, then goes on in fake time. */
  static async restoreFor<T>(
    // deno-lint-ignore no-explicit-any
    callback: (...args: any[]) => Promise<T> | T,
    // deno-lint-ignore no-explicit-any
    ...args: any[]
  ): Promise<T> {
    if (!active) {
      throw new TimeError("Cannot restore time: time is not faked");
    }
    return await withRealTime(() => callback(...args));
  }

  /** Gives the real time back. */
  [Symbol.dispose](): void {
    this.restore();
  }
}
