import { assertInvariant } from "../../core/base/mod.ts";
import type { CompiledKernel, WasmFunction } from "./compiled_kernel.ts";
import { KernelModule, TABLE_UNIT_BITS } from "./kernel_module.ts";
import type { VectorCode } from "./lanes/vector_code.ts";
import type { LinearMemory } from "./linear_memory.ts";
import type { RangeCode } from "./range_code.ts";
import {
  type Job,
  runAlone,
  type Task,
  type ThreadPool,
} from "./threads/thread_pool.ts";

/** What an {@linkcode Engine} works with. */
export interface EngineOptions {
  /** Whether code may use relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** Threads to share work with, where the memory is shared. */
  readonly pool?: ThreadPool | undefined;
}

/**
 * Turns code into functions over one memory, and runs them on as many threads as there are.
 */
export class Engine {
  /** The memory. */
  readonly memory: LinearMemory;
  /** Whether code may use relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** How many threads may run a function at the same time. */
  readonly threads: number;

  readonly #pool: ThreadPool | undefined;
  readonly #tasks = new Map<string, Task>();

  /**
   * Constructs a new instance.
   *
   * @param memory The memory.
   * @param options Instructions and threads.
   */
  constructor(memory: LinearMemory, { relaxedSimd, pool }: EngineOptions) {
    this.memory = memory;
    this.relaxedSimd = relaxedSimd;
    this.threads = pool?.threads ?? 1;
    this.#pool = pool;
  }

  /**
   * Finds a function that kernels share, or compiles it.
   *
   * @param name Its name.
   * @param write Writes its code.
   * @returns The function.
   */
  task(name: string, write: (code: VectorCode) => void): Task {
    const known = this.#tasks.get(name);
    if (known) return known;
    const task = this.compile(write);
    this.#tasks.set(name, task);
    return task;
  }

  /**
   * Compiles a function, as a module of its own.
   *
   * @param write Writes its code.
   * @returns The function.
   */
  compile(write: (code: VectorCode) => void): Task {
    const code = new KernelModule({
      pages: this.memory.pages,
      isShared: this.memory.isShared,
      addressBytes: this.memory.tables.slotBytes,
      relaxedSimd: this.relaxedSimd,
    });
    code.export("run", write);
    return this.instantiate(code.build());
  }

  /**
   * Compiles a module that has been put together.
   *
   * @param bytes The module, which imports of `host` what kernels do and exports `run`.
   * @returns The function, and all that the module exports.
   */
  instantiate(
    bytes: Uint8Array<ArrayBuffer>,
  ): Task & { readonly exports: WebAssembly.Exports } {
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, {
      host: { memory: this.memory.memory, cos: Math.cos, sin: Math.sin },
    });
    return { module, run: exports.run as WasmFunction, exports };
  }

  /**
   * Computes units of work: on all threads, if that pays.
   *
   * @param task What computes them.
   * @param job The units.
   */
  run(task: Task, job: Job): void {
    const parameters = this.#handOver(job.parameters);
    const own = parameters === job.parameters ? job : { ...job, parameters };
    if (this.#pool) this.#pool.run(task, own);
    else runAlone(task, own);
  }

  /** What functions are given for the address of their parameters. */
  #handOver(parameters: number): number {
    if (this.memory.tables.slotBytes === 4) return parameters;
    const units = parameters / 2 ** TABLE_UNIT_BITS;
    assertInvariant(Number.isInteger(units), "a table starts at a whole unit");
    return units;
  }

  /**
   * Compiles a kernel whose work is divided into units.
   *
   * @param code Its code.
   * @returns The kernel.
   */
  compileRange(code: RangeCode): CompiledKernel {
    const { units, grain, unitElements, scratchBytes } = code;
    if (units === 0) return { scratchBytes: 0, launch: () => {} };
    const task = this.compile((body) => code.emit(body));
    const nanoseconds = units * unitElements * ELEMENT_NANOSECONDS;
    return {
      scratchBytes: scratchBytes * this.threads,
      launch: (parameters) =>
        this.run(task, { units, grain, parameters, nanoseconds }),
    };
  }
}

/** What one element takes, about. */
const ELEMENT_NANOSECONDS = 0.5;
