import {
  assertInvariant,
  decodeHalf,
  encodeHalf,
  type HostArray,
  isHalfDType,
} from "../../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
} from "../backend.ts";
import {
  assertFilled,
  assertFitting,
  assertSupplied,
  OwnBuffer,
  ownBuffer,
} from "../own_buffer.ts";
import {
  arrayTooLarge,
  backendDisposed,
  backendUnavailable,
  type Kernel,
  type OpaqueCode,
  outOfMemory,
  printKernel,
} from "../ir/mod.ts";
import { Allocator } from "./allocator.ts";
import { compileKernel } from "./compile_kernel.ts";
import type { CompiledKernel } from "./compiled_kernel.ts";
import { Engine } from "./engine.ts";
import { threadFailed } from "./errors.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { KernelCache } from "./kernel_cache.ts";
import { createLinearMemory } from "./linear_memory.ts";
import { BoundProgram, bytesOf, layOut } from "./program.ts";
import { countThreads } from "./threads/count_threads.ts";
import { threadPlatform } from "./threads/platform.ts";
import { ThreadPool } from "./threads/thread_pool.ts";

/** Bytes at both ends of the memory that no array gets: code may read a vector past an array. */
const MARGIN_BYTES = 64;

/** Kernels that are kept: some ten KiB each, and several times what a training step has. */
const KERNELS_MAX = 4096;

/** Kernels of the same foreign code that are kept: one for each combination of shapes and settings. */
const FOREIGN_KERNELS_MAX = 16;

/** Most bytes of an array where addresses have 64 bits. */
const ARRAY_BYTES_MAX = 2 ** 31 - 64;

/** Options of {@linkcode createWasmBackend}. */
export interface WasmOptions {
  /**
   * Size of the memory that all arrays live in, in bytes, from 1 MiB to 16 GiB. It takes room on the
   * machine as it is written to.
   *
   * Above 4 GiB addresses have 64 bits, and no array may be larger than 2 GiB. Matrix products then
   * take 3 % longer, other kernels less than 1 %.
   *
   * @default {4294967296}
   */
  readonly memoryBytes?: number;
  /**
   * Whether kernels use relaxed SIMD, whose multiply-add rounds once. `auto` uses it where the engine
   * has it.
   *
   * @default {"auto"}
   */
  readonly relaxedSimd?: "auto" | boolean;
  /**
   * How many threads compute large kernels, the calling one included, from 1 to 256. They are started
   * when there is enough to do; with `auto`, as many as the machine has cores, and one by one. Where
   * there is no shared memory or are no worker threads, the calling one computes alone. The results
   * are the same, bit for bit.
   *
   * @default {"auto"}
   */
  readonly threads?: number | "auto";
}

/**
 * Makes the backend that compiles kernels to WebAssembly with SIMD.
 *
 * Numerics: `float32` throughout; sums are carried in `float64` from block to block. Functions are
 * within 6 units in the last place; each states its bound where it is written.
 *
 * @example Doubling in WebAssembly
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createWasmBackend } from "@spiraltorch/spiraltorch/kernels/wasm";
 *
 * await using backend = createWasmBackend();
 * const x = backend.allocate({ dtype: "float32", size: 2 });
 * const y = backend.allocate({ dtype: "float32", size: 2 });
 * backend.write(x, Float32Array.of(1, 2));
 * using double = await backend.compile({
 *   inputs: [x],
 *   outputs: [y],
 *   temporaries: [],
 *   steps: [{
 *     kernel: {
 *       kind: "map",
 *       shape: [2],
 *       operands: [{ dtype: "float32", strides: [1], offset: 0 }],
 *       body: [
 *         { kind: "load", operand: 0, dtype: "float32" },
 *         { kind: "binary", fn: "add", left: 0, right: 0, dtype: "float32" },
 *       ],
 *       dtype: "float32",
 *     },
 *     inputs: [0],
 *     output: 1,
 *   }],
 * });
 * double.run([x], [y]);
 * assertEquals(await backend.read(y), Float32Array.of(2, 4));
 * ```
 *
 * @param options Memory, instructions and threads.
 * @returns The backend.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if the engine has no SIMD or grants no memory.
 * @throws {OptionError} `INVALID_OPTION` if `memoryBytes` or `threads` is out of range.
 */
export function createWasmBackend(options: WasmOptions = {}): Backend {
  return new WasmBackend(options);
}

class WasmBuffer extends OwnBuffer {
  readonly address: number;

  constructor(backend: Backend, spec: BufferSpec, address: number) {
    super(backend, spec);
    this.address = address;
  }
}

interface Live {
  readonly engine: Engine;
  readonly allocator: Allocator;
  /** Where there is more than one thread. */
  readonly pool: ThreadPool | undefined;
}

class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly #buffers = { backend: this, type: WasmBuffer };
  readonly #kernels = new KernelCache(KERNELS_MAX);
  /** Kernels of foreign code, which go with it. */
  readonly #foreign = new WeakMap<OpaqueCode, KernelCache>();
  // What disposal lets go of: the memory may be large.
  #live: Live | undefined;

  constructor(
    { memoryBytes, relaxedSimd = "auto", threads = "auto" }: WasmOptions,
  ) {
    if (!hasSimd()) {
      throw backendUnavailable("wasm", "the engine has no SIMD");
    }
    if (relaxedSimd === true && !hasRelaxedSimd()) {
      throw backendUnavailable("wasm", "the engine has no relaxed SIMD");
    }
    const platform = threadPlatform();
    const count = countThreads(threads, platform);
    const memory = createLinearMemory(memoryBytes, { isShared: count > 1 });
    const pool = count === 1 ? undefined : new ThreadPool({
      memory: memory.memory,
      threads: count,
      isEager: threads !== "auto",
      platform,
      failure: (reason) => threadFailed("wasm", reason),
    });
    this.#live = {
      engine: new Engine(memory, {
        relaxedSimd: relaxedSimd === "auto" ? hasRelaxedSimd() : relaxedSimd,
        pool,
      }),
      allocator: new Allocator(
        MARGIN_BYTES,
        memory.bytes.length - 2 * MARGIN_BYTES,
      ),
      pool,
    };
  }

  refuses(): undefined {
    this.#use();
    return undefined;
  }

  allocate(spec: BufferSpec): DeviceBuffer {
    const bytes = bytesOf(spec);
    this.#checkSize(bytes);
    return new WasmBuffer(this, spec, this.#allocate(bytes));
  }

  free(buffer: DeviceBuffer): void {
    // Tensors may be collected long after their backend: there is nothing left to give back then.
    if (!this.#live) return;
    const own = this.#own(buffer);
    own.isFree = true;
    this.#use().allocator.free(own.address);
  }

  write(buffer: DeviceBuffer, elements: HostElements): void {
    const own = this.#own(buffer);
    assertFilled(own, elements);
    const { dtype } = own;
    if (!isHalfDType(dtype)) return this.#elements(own).set(elements);
    const numbers = elements instanceof Float64Array
      ? elements
      : Float32Array.from(elements);
    encodeHalf(dtype, numbers, this.#halves(own));
  }

  read(buffer: DeviceBuffer): Promise<HostArray> {
    const own = this.#own(buffer);
    return Promise.resolve(
      isHalfDType(own.dtype)
        ? decodeHalf(own.dtype, this.#halves(own))
        : copyOf(this.#elements(own)),
    );
  }

  compile(program: Program): Executable | Promise<Executable> {
    this.#use();
    for (const bytes of program.temporaries) this.#checkSize(bytes);
    const kernels = program.steps.map(({ kernel }) => this.#compile(kernel));
    return kernels.every(isCompiled)
      ? this.#bind(program, kernels)
      : Promise.all(kernels).then((all) => this.#bind(program, all));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pool = this.#live?.pool;
    this.#live = undefined;
    this.#kernels.clear();
    await pool?.[Symbol.asyncDispose]();
  }

  /** Makes compiled kernels a program, with memory of its own. */
  #bind(program: Program, kernels: readonly CompiledKernel[]): Executable {
    const { engine, allocator } = this.#use();
    const { memory } = engine;
    const layout = layOut(program, kernels, memory.tables);
    for (const { scratchBytes } of kernels) this.#checkSize(scratchBytes);
    const start = this.#allocate(layout.bytes);
    const bound = new BoundProgram(program, kernels, { memory, start, layout });
    const specs = [...program.inputs, ...program.outputs];
    let isLive = true;
    return {
      run: (inputs, outputs) => {
        this.#use();
        assertInvariant(isLive, "a program that runs has not been disposed");
        assertSupplied(program, inputs, outputs);
        for (let i = 0; i < specs.length; i++) {
          const buffer = i < inputs.length
            ? inputs[i]!
            : outputs[i - inputs.length]!;
          bound.bind(i, this.#fitting(buffer, specs[i]!).address);
        }
        bound.run();
      },
      [Symbol.dispose]: () => {
        if (!isLive) return;
        isLive = false;
        allocator.free(start);
      },
    };
  }

  #use(): Live {
    if (!this.#live) throw backendDisposed("wasm");
    return this.#live;
  }

  #own(buffer: DeviceBuffer): WasmBuffer {
    this.#use();
    return ownBuffer(buffer, this.#buffers);
  }

  #fitting(buffer: DeviceBuffer, spec: BufferSpec): WasmBuffer {
    const own = this.#own(buffer);
    assertFitting(own, spec);
    return own;
  }

  /** Distances within an array have 32 bits, and with wider addresses a sign. */
  #checkSize(bytes: number): void {
    const { slotBytes } = this.#use().engine.memory.tables;
    if (slotBytes === 8 && bytes > ARRAY_BYTES_MAX) {
      throw arrayTooLarge("wasm", { bytes, bytesMax: ARRAY_BYTES_MAX });
    }
  }

  #allocate(bytes: number): number {
    const { allocator } = this.#use();
    const address = allocator.allocate(bytes);
    if (address !== undefined) return address;
    throw outOfMemory("wasm", {
      wantedBytes: bytes,
      usedBytes: allocator.usedBytes,
      totalBytes: allocator.totalBytes,
    });
  }

  #halves({ size, address }: WasmBuffer): Uint16Array {
    const { bytes } = this.#use().engine.memory;
    return new Uint16Array(bytes.buffer, address, size);
  }

  #elements({ dtype, size, address }: WasmBuffer): HostArray {
    const { memory } = this.#use().engine;
    switch (dtype) {
      case "float32":
        return memory.float32.subarray(address / 4, address / 4 + size);
      case "int32":
        return memory.int32.subarray(address / 4, address / 4 + size);
      case "bool":
        return memory.bytes.subarray(address, address + size);
      case "int8":
        return new Int8Array(memory.bytes.buffer, address, size);
      case "float16":
      case "bfloat16":
        assertInvariant(false, "half types are converted on their way");
        break;
      default:
        return dtype satisfies never;
    }
  }

  /** Foreign code is another where its text is the same. */
  #cacheOf(kernel: Kernel): KernelCache {
    if (kernel.kind !== "opaque") return this.#kernels;
    const known = this.#foreign.get(kernel.code);
    if (known) return known;
    const cache = new KernelCache(FOREIGN_KERNELS_MAX);
    this.#foreign.set(kernel.code, cache);
    return cache;
  }

  #compile(kernel: Kernel): CompiledKernel | Promise<CompiledKernel> {
    const { engine } = this.#use();
    // Every draw has a key of its own, and nothing to keep.
    if (kernel.kind === "random") return compileKernel(kernel, engine);
    return this.#cacheOf(kernel).find(
      printKernel(kernel),
      () => compileKernel(kernel, engine),
    );
  }
}

function isCompiled(
  kernel: CompiledKernel | Promise<CompiledKernel>,
): kernel is CompiledKernel {
  return !(kernel instanceof Promise);
}

/** As `slice` does, which takes twice the time for memory that threads share. */
function copyOf(elements: HostArray): HostArray {
  if (elements instanceof Float32Array) return new Float32Array(elements);
  if (elements instanceof Int32Array) return new Int32Array(elements);
  if (elements instanceof Int8Array) return new Int8Array(elements);
  return elements.slice();
}
