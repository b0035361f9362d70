/**
 * Declarations of the functions behind `mod.ts`, with the signatures that
 * `jsr:@std/async` 1.5.0 gives them.
 *
 * @module
 */

/** How to wait. */
export interface DelayOptions {
  /** Ends the wait early, with its reason. */
  signal?: AbortSignal;
  /** Whether the wait keeps the process alive; it does unless told not to. */
  persistent?: boolean;
}

/** Resolves after `ms` milliseconds. */
export declare function delay(
  ms: number,
  options?: DelayOptions,
): Promise<void>;

/** Makes a promise reject as soon as the signal is aborted. */
export declare function abortable<T>(
  p: Promise<T>,
  signal: AbortSignal,
): Promise<T>;
/** Makes an iterable throw as soon as the signal is aborted. */
export declare function abortable<T>(
  p: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T>;

/** What else ends a deadline. */
export interface DeadlineOptions {
  /** Ends it early, with its reason. */
  signal?: AbortSignal;
}

/** Rejects with a `TimeoutError` if the promise takes longer than `ms`. */
export declare function deadline<T>(
  p: Promise<T>,
  ms: number,
  options?: DeadlineOptions,
): Promise<T>;

/** A function that waits for calls to calm down. */
export interface DebouncedFunction<T extends Array<unknown>> {
  (...args: T): void;
  /** Forgets the call that waits. */
  clear(): void;
  /** Makes the call that waits now. */
  flush(): void;
  /** Whether a call waits. */
  readonly pending: boolean;
}

/** What ends a debounced function. */
export interface DebounceOptions {
  /** Forgets the call that waits, and every later one. */
  signal?: AbortSignal | undefined;
}

/** Calls `fn` once calls have paused for `wait` milliseconds. */
// deno-lint-ignore no-explicit-any
export declare function debounce<T extends Array<any>>(
  fn: (this: DebouncedFunction<T>, ...args: T) => void,
  wait: number,
  options?: DebounceOptions,
): DebouncedFunction<T>;

/** Yields from several iterables as their items come. */
export declare class MuxAsyncIterator<T> implements AsyncIterable<T> {
  #private;
  /** Adds a source. */
  add(iterable: AsyncIterable<T>): void;
  /** Yields until every source has ended. */
  iterate(): AsyncIterableIterator<T>;
  /** Yields until every source has ended. */
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/** How to poll. */
export interface PollOptions {
  /** Ends it early, with its reason. */
  signal?: AbortSignal;
  /** Milliseconds between two calls. */
  interval?: number;
}

/** Calls `fn` until `isDone` accepts its result. */
export declare function poll<T>(
  fn: () => T,
  isDone: (result: Awaited<T>) => boolean,
  options?: PollOptions,
): Promise<Awaited<T>>;

/** Maps with at most `poolLimit` calls at a time; keeps the order. */
export declare function pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T> | AsyncIterable<T>,
  iteratorFn: (data: T) => Promise<R>,
): AsyncIterableIterator<R>;

/** Every attempt failed; `cause` is the last failure. */
export declare class RetryError extends Error {
  /** Makes one from the last failure and the number of attempts. */
  constructor(cause: unknown, attempts: number);
}

/** How often, and after what pauses. */
export interface RetryOptions {
  /** How much longer each pause is. */
  multiplier?: number;
  /** The longest pause, in milliseconds. */
  maxTimeout?: number;
  /** How many attempts. */
  maxAttempts?: number;
  /** The first pause, in milliseconds. */
  minTimeout?: number;
  /** How much of a pause is left to chance, from 0 to 1. */
  jitter?: number;
  /** Whether an error is worth another attempt. */
  isRetriable?: (err: unknown) => boolean;
  /** Ends it early, with its reason. */
  signal?: AbortSignal;
}

/** Calls `fn` until it succeeds. */
export declare function retry<T>(
  fn: (() => Promise<T>) | (() => T),
  options?: RetryOptions,
): Promise<T>;

/** `N` items of `T`; an array if `N` is not known. */
export type Tuple<T, N extends number> = N extends N
  ? number extends N ? T[] : TupleOf<T, N, []>
  : never;

/** The tuple that `R` grows into. */
export type TupleOf<T, N extends number, R extends unknown[]> =
  R["length"] extends N ? R : TupleOf<T, N, [T, ...R]>;

/** Splits one iterable into `n` that each yield all of it. */
export declare function tee<T, N extends number = 2>(
  iterable: AsyncIterable<T>,
  n?: N,
): Tuple<AsyncIterable<T>, N>;

/** The promises, or values, that a record of results comes from. */
export type PromiseRecord<T extends Record<PropertyKey, unknown>> = {
  [K in keyof T]: PromiseLike<T[K]> | T[K];
};

/** How each entry of a record ended. */
export type SettledRecord<T extends Record<PropertyKey, unknown>> = {
  [K in keyof T]: PromiseSettledResult<T[K]>;
};

/** `Promise.all` for a record. */
export declare function allKeyed<T extends Record<PropertyKey, unknown>>(
  record: PromiseRecord<T>,
): Promise<T>;

/** `Promise.allSettled` for a record. */
export declare function allSettledKeyed<
  T extends Record<PropertyKey, unknown>,
>(record: PromiseRecord<T>): Promise<SettledRecord<T>>;

/** How to wait for a lazy value. */
export interface LazyGetOptions {
  /** Ends the wait, not the work. */
  signal?: AbortSignal;
}

/** A value that is made when it is first asked for. */
export declare class Lazy<T> {
  #private;
  /** Keeps `init` until then. */
  constructor(init: () => T | Promise<T>);
  /** The value, made now if it has not been. */
  get(options?: LazyGetOptions): Promise<T>;
  /** Whether the value has been made. */
  get initialized(): boolean;
  /** The value, if it has been made. */
  peek(): { ok: true; value: T } | { ok: false };
  /** Forgets the value. */
  reset(): void;
}
