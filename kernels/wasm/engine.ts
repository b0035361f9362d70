import {
  type AttentionTasks,
  compileAttentionModule,
} from "./attention/attention_module.ts";
import type { CompiledKernel, WasmFunction } from "./compiled_kernel.ts";
import {
  compileMatrixModule,
  type MatrixDTypes,
  type MatrixTasks,
} from "./contract/matrix_module.ts";
import {
  compileConvolutionModule,
  type ConvolutionTasks,
} from "./convolution/convolution_module.ts";
import { KernelModule } from "./kernel_module.ts";
import type { LinearMemory } from "./linear_memory.ts";
import {
  compileRandomModule,
  type RandomTasks,
} from "./random/random_module.ts";
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
  #attentionTasks: AttentionTasks | undefined;
  #randomTasks: RandomTasks | undefined;
  readonly #matrixTasks = new Map<string, MatrixTasks>();
  #convolutionTasks: ConvolutionTasks | undefined;

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

  /** The functions that attention is computed by, compiled when they are first needed. */
  get attentionTasks(): AttentionTasks {
    return this.#attentionTasks ??= compileAttentionModule((write) =>
      this.compile(write)
    );
  }

  /**
   * Finds the functions that matrix products are made of; they are compiled when they are first
   * needed.
   *
   * @param dtypes How the matrices are stored.
   * @returns The functions.
   */
  matrixTasks(dtypes: MatrixDTypes): MatrixTasks {
    const key = `${dtypes.left} ${dtypes.right}`;
    const known = this.#matrixTasks.get(key);
    if (known) return known;
    const tasks = compileMatrixModule(
      (write) => this.compile(write),
      dtypes,
    );
    this.#matrixTasks.set(key, tasks);
    return tasks;
  }

  /** The functions that draw random numbers; they are compiled when they are first needed. */
  get randomTasks(): RandomTasks {
    return this.#randomTasks ??= compileRandomModule((write) =>
      this.compile(write)
    );
  }

  /** The functions that convolutions are made of, compiled when they are first needed. */
  get convolutionTasks(): ConvolutionTasks {
    return this.#convolutionTasks ??= compileConvolutionModule((write) =>
      this.compile(write)
    );
  }

  /**
   * Compiles a module.
   *
   * @param write Writes its functions.
   * @returns What it exports.
   */
  compile(
    write: (module: KernelModule) => void,
  ): Readonly<Record<string, Task>> {
    const code = new KernelModule({
      pages: this.memory.pages,
      isShared: this.memory.isShared,
      relaxedSimd: this.relaxedSimd,
    });
    write(code);
    const module = new WebAssembly.Module(code.build());
    const { exports } = new WebAssembly.Instance(module, {
      host: { memory: this.memory.memory, cos: Math.cos, sin: Math.sin },
    });
    return Object.fromEntries(
      WebAssembly.Module.exports(module).map(({ name }, index) => [
        name,
        { module, index, run: exports[name] as WasmFunction },
      ]),
    );
  }

  /**
   * Computes units of work: on all threads, if that pays.
   *
   * @param task What computes them.
   * @param job The units.
   */
  run(task: Task, job: Job): void {
    if (this.#pool) this.#pool.run(task, job);
    else runAlone(task, job);
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
    const task = this.compile((module) =>
      module.export("run", (body) => code.emit(body))
    ).run!;
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
