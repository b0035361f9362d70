import { invalidOption } from "../../../core/base/mod.ts";
import { optionsOf } from "../../../ops/mod.ts";
import { assertCount, assertNumber } from "../../check/assert_number.ts";
import { dataWorkerFailed } from "../data_errors.ts";
import type { Answer } from "./messages.ts";

/** The least number of workers that no machine has processors for. */
const WORKERS_END = 1025;

/** Options of {@linkcode mapInWorkers}. */
export interface MapInWorkersOptions {
  /** The module that calls `serveItems`, such as `new URL("./decode.ts", import.meta.url)`. */
  readonly module: string | URL;
  /**
   * How many workers there are; one fewer than the machine has cores if left out.
   */
  readonly workers?: number;
  /**
   * How long a worker may take to load, in milliseconds.
   *
   * @default {30_000}
   */
  readonly startMs?: number;
}

/**
 * Changes the items of a stream in other threads, so that decoding and augmenting take no time from
 * training. Items come in the same order, whichever worker is done first; up to two for each worker are
 * made ahead. Items and what becomes of them are copied, as by `structuredClone`.
 *
 * Workers end when the stream ends, or nobody reads it any more. They may do what the program may.
 *
 * @example Images that are decoded in two threads
 * ```ts ignore
 * const module = new URL("./decode.ts", import.meta.url);
 * const images = mapInWorkers(files(), { module, workers: 2 });
 * ```
 *
 * @typeParam Item What comes.
 * @typeParam Result What becomes of it.
 * @param items The items.
 * @param options The workers.
 * @returns What the module makes of the items.
 * @throws {OptionError} `INVALID_OPTION` if `workers` is no whole number from 1 to 1024, `startMs` none
 * above 0, the module no URL, or the items are none.
 * @throws {NnError} `DATA_WORKER_FAILED` when an item is reached that could not be changed.
 */
export function mapInWorkers<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  options: MapInWorkersOptions,
): AsyncGenerator<Result> {
  const {
    module,
    workers = Math.max(1, navigator.hardwareConcurrency - 1),
    startMs = 30_000,
  } = optionsOf("mapInWorkers", options);
  assertNumber("mapInWorkers workers", workers, { min: 1, below: WORKERS_END });
  assertCount("mapInWorkers workers", workers);
  assertCount("mapInWorkers startMs", startMs);
  assertIterable(items);
  assertModule(module);
  return mapItems(items, { module: String(module), workers, startMs });
}

function assertModule(module: unknown): void {
  const isModule = module instanceof URL ||
    typeof module === "string" && URL.canParse(module);
  if (isModule) return;
  throw invalidOption(
    "module of mapInWorkers",
    module,
    'a URL, such as new URL("./decode.ts", import.meta.url)',
  );
}

function assertIterable(items: unknown): void {
  const isIterable = typeof items === "object" && items !== null &&
    (Symbol.asyncIterator in items || Symbol.iterator in items);
  if (!isIterable) {
    throw invalidOption("items of mapInWorkers", items, "iterable");
  }
}

async function* mapItems<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  options: CrewOptions,
): AsyncGenerator<Result> {
  using crew = new Crew(options);
  const ahead: Promise<unknown>[] = [];
  for await (const item of items) {
    const value = crew.change(item);
    // What fails ahead is told when its turn comes, or not at all.
    value.catch(() => {});
    ahead.push(value);
    if (ahead.length === 2 * options.workers) {
      yield await ahead.shift() as Result;
    }
  }
  while (ahead.length > 0) yield await ahead.shift() as Result;
}

interface CrewOptions extends Required<MapInWorkersOptions> {
  readonly module: string;
}

/** Several workers that run one module. */
class Crew implements Disposable {
  readonly #hands: readonly Hand[];
  #items = 0;

  constructor({ module, workers, startMs }: CrewOptions) {
    this.#hands = Array.from(
      { length: workers },
      () => new Hand(module, startMs),
    );
  }

  /** Lets the next worker in turn change an item. */
  change(item: unknown): Promise<unknown> {
    const number = this.#items++;
    return this.#hands[number % this.#hands.length]!.change(number, item);
  }

  [Symbol.dispose](): void {
    for (const hand of this.#hands) hand[Symbol.dispose]();
  }
}

/** One worker. */
class Hand implements Disposable {
  readonly #worker: Worker;
  readonly #module: string;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #startTimer: ReturnType<typeof setTimeout>;
  #failure: Error | undefined;

  constructor(module: string, startMs: number) {
    this.#module = module;
    this.#worker = new Worker(module, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
    this.#startTimer = setTimeout(
      () => this.#fail(`serveItems() was not called within ${startMs} ms`),
      startMs,
    );
  }

  change(number: number, item: unknown): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    const value = Promise.withResolvers<unknown>();
    try {
      this.#worker.postMessage({ number, item });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return Promise.reject(dataWorkerFailed(this.#module, reason, number));
    }
    this.#open.set(number, value);
    return value.promise;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#startTimer);
    this.#worker.terminate();
    this.#open.clear();
  }

  #hear(answer: Answer): void {
    if (answer.kind === "ready") return clearTimeout(this.#startTimer);
    const { number } = answer;
    const value = this.#open.get(number);
    this.#open.delete(number);
    if (answer.kind === "done") return value?.resolve(answer.value);
    value?.reject(dataWorkerFailed(this.#module, answer.reason, number));
  }

  #fail(reason: string): void {
    this.#failure = dataWorkerFailed(this.#module, reason);
    for (const value of this.#open.values()) value.reject(this.#failure);
    this[Symbol.dispose]();
  }
}
