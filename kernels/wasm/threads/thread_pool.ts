import type { WasmFunction } from "../compiled_kernel.ts";
import { CONTROL_WORDS, WORD } from "./control.ts";
import type { PlatformThread, ThreadPlatform } from "./platform.ts";
import { NO_CHUNK, WORKER_SOURCE } from "./worker_source.ts";

/** Work that is worth waking other threads for, in nanoseconds. */
const SHARED_NANOSECONDS_MIN = 60_000;

/** Work that pays for the start of a thread, in nanoseconds. */
const START_NANOSECONDS = 20_000_000;

/** How often this thread looks whether the others are done before it sleeps. */
const LOOKS = 2000;

/** How long the others may take for their last chunks, which are small. */
const PATIENCE_MS = 60_000;

/** Modules that threads know at most. */
const MODULES_MAX = 4096;

/** A function that all threads have. */
export interface Task {
  /** The module that exports it as `run`, over the shared memory. */
  readonly module: WebAssembly.Module;
  /** The function on this thread: first unit, the one after the last, parameters, thread. */
  readonly run: WasmFunction;
  /** Whether it may trap, so that only the job is over then. */
  readonly isForeign?: boolean;
}

/** Units of work for a task. */
export interface Job {
  /** How many units there are. */
  readonly units: number;
  /** How many are computed in one call; calls start at multiples of it. */
  readonly grain: number;
  /** Address of the parameters. */
  readonly parameters: number;
  /** How long one thread takes for it, about. */
  readonly nanoseconds: number;
}

/** Options of a {@linkcode ThreadPool}. */
export interface ThreadPoolOptions {
  /** The memory that code works on. */
  readonly memory: WebAssembly.Memory;
  /** How many threads there are at most, the calling one included. */
  readonly threads: number;
  /**
   * Whether threads start with the first job that is worth it, rather than one by one, each when
   * there has been enough work to make up for its start.
   */
  readonly isEager: boolean;
  /** Where threads come from. */
  readonly platform: ThreadPlatform;
  /** Builds the error for a thread that failed. */
  readonly failure: (reason: string) => Error;
  /** Program of a thread. */
  readonly source?: string;
  /** How many modules threads know at most; then they forget all of them. */
  readonly modulesMax?: number;
  /** How long to wait for a thread, in milliseconds. */
  readonly patienceMs?: number;
}

/**
 * Threads that share the units of a job.
 *
 * Every thread, the calling one among them, takes chunks from one counter until none is left: a thread
 * whose core is taken away holds back one chunk and no more. A job waits for no thread that has not
 * joined it. Which thread computes a unit has no influence on the result.
 *
 * Source: Kruskal and Weiss, "Allocating independent subtasks on parallel processors" (IEEE
 * Transactions on Software Engineering 11, 1985), chunks of fixed size.
 */
export class ThreadPool implements AsyncDisposable {
  /** How many threads there are at most, the calling one included. */
  readonly threads: number;
  readonly #options: ThreadPoolOptions;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #workers: PlatformThread[] = [];
  readonly #modules = new Map<WebAssembly.Module, number>();
  #messages = 0;
  #startable: number;
  #earned = 0;
  #failure: Error | undefined;

  /**
   * Constructs a new instance. No thread is started yet.
   *
   * @param options How many threads, and what they work on.
   */
  constructor(options: ThreadPoolOptions) {
    this.threads = options.threads;
    this.#startable = options.threads - 1;
    this.#options = options;
    this.#control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
  }

  /** How many threads have started, the calling one not included. */
  get started(): number {
    return Atomics.load(this.#control, WORD.started);
  }

  /**
   * Computes all units of a job.
   *
   * @param task What computes them.
   * @param job The units.
   * @throws {Error} What `failure` builds if a thread fails, or does not come back.
   */
  run(task: Task, job: Job): void {
    if (this.#failure) throw this.#failure;
    const isShared = job.units > job.grain &&
      job.nanoseconds >= SHARED_NANOSECONDS_MIN;
    if (isShared) {
      this.#grow(job.nanoseconds);
      this.#check();
    }
    if (isShared && this.started > 0) this.#share(task, job);
    else runAlone(task, job);
  }

  /** Ends all threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    Atomics.store(this.#control, WORD.isEnding, 1);
    this.#wake();
    await Promise.all(this.#workers.splice(0).map((worker) => worker.end()));
  }

  /** Starts threads that are worth it. */
  #grow(nanoseconds: number): void {
    const { isEager, platform, memory, source = WORKER_SOURCE } = this.#options;
    this.#earned += nanoseconds;
    while (
      this.#workers.length < this.#startable &&
      (isEager || this.#earned >= START_NANOSECONDS)
    ) {
      this.#earned -= START_NANOSECONDS;
      const worker = platform.start(source, {
        control: this.#control,
        memory,
        thread: this.#workers.length + 1,
        modules: [...this.#modules.keys()],
        messages: this.#messages,
      });
      if (worker) this.#workers.push(worker);
      else this.#startable = this.#workers.length;
    }
  }

  #share(task: Task, { units, grain, parameters }: Job): void {
    const control = this.#control;
    control[WORD.task] = this.#numberOf(task);
    control[WORD.parameters] = parameters;
    control[WORD.units] = units;
    control[WORD.grain] = grain;
    control[WORD.next] = 0;
    control[WORD.isForeign] = task.isForeign ? 1 : 0;
    Atomics.store(control, WORD.isOpen, 1);
    this.#wake();
    try {
      while (true) {
        const begin = Atomics.add(control, WORD.next, 1) * grain;
        if (begin >= units) break;
        task.run(begin, Math.min(begin + grain, units), parameters, 0);
      }
    } finally {
      Atomics.store(control, WORD.next, NO_CHUNK);
      Atomics.store(control, WORD.isOpen, 0);
      this.#await();
      // Whatever this thread met: what another one has told is not left to the next job.
      this.#check();
    }
  }

  #wake(): void {
    Atomics.add(this.#control, WORD.job, 1);
    Atomics.notify(this.#control, WORD.job);
  }

  /** Waits until no thread is at the job. */
  #await(): void {
    const control = this.#control;
    for (let i = 0; i < LOOKS; i++) {
      if (Atomics.load(control, WORD.active) === 0) return;
    }
    const { patienceMs = PATIENCE_MS } = this.#options;
    const end = performance.now() + patienceMs;
    while (true) {
      const active = Atomics.load(control, WORD.active);
      if (active === 0) return;
      const left = end - performance.now();
      if (left <= 0) break;
      Atomics.wait(control, WORD.active, active, left);
    }
    this.#fail(`no sign of life for ${patienceMs} ms`);
  }

  #check(): void {
    const control = this.#control;
    const told = Atomics.load(control, WORD.isTold);
    if (told === 0) return;
    const start = WORD.reason + 1;
    const units = control.subarray(start, start + control[WORD.reason]!);
    const reason = String.fromCharCode(...units);
    if (told === 1) this.#fail(reason);
    Atomics.store(control, WORD.isTold, 0);
    Atomics.store(control, WORD.isFailing, 0);
    throw new WebAssembly.RuntimeError(reason);
  }

  /** Whatever a thread that failed still does to the memory, nothing is computed with it any more. */
  #fail(reason: string): never {
    this.#failure = this.#options.failure(reason);
    throw this.#failure;
  }

  /** Finds the number under which threads know a function; sends its module if they do not. */
  #numberOf({ module }: Task): number {
    const known = this.#modules.get(module);
    if (known !== undefined) return known;
    const { modulesMax = MODULES_MAX } = this.#options;
    if (this.#modules.size >= modulesMax) {
      // All at once: what is needed again is sent again.
      this.#modules.clear();
      this.#post(null);
    }
    const number = this.#modules.size;
    this.#modules.set(module, number);
    this.#post(module);
    return number;
  }

  #post(message: WebAssembly.Module | null): void {
    for (const worker of this.#workers) worker.post(message);
    Atomics.store(this.#control, WORD.messages, ++this.#messages);
  }
}

/**
 * Computes all units of a job on the calling thread.
 *
 * A long job is cut into calls: V8 replaces slow first code by fast code between calls only.
 *
 * @param task What computes them.
 * @param job The units.
 */
export function runAlone(
  { run }: Task,
  { units, grain, parameters }: Job,
): void {
  for (let begin = 0; begin < units; begin += grain) {
    run(begin, Math.min(begin + grain, units), parameters, 0);
  }
}
