import { hostArray, itemBytes } from "../../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
} from "../backend.ts";
import { assertFilled, assertFitting, ownBuffer } from "../own_buffer.ts";
import {
  arrayTooLarge,
  backendDisposed,
  type Kernel,
  outOfMemory,
} from "../ir/mod.ts";
import { bindProgram } from "./bind_program.ts";
import { bindingBytes, largestBytes } from "./bound_program.ts";
import { BufferPool } from "./buffer_pool.ts";
import { StepCompiler } from "./step_compiler.ts";
import { describeKernels } from "./describe_kernels.ts";
import { DeviceWatch } from "./device_watch.ts";
import { deviceLost, kernelRefused } from "./errors.ts";
import type { GpuArray } from "./gpu_array.ts";
import type { GpuKernel, GpuTraits } from "./gpu_kernel.ts";
import { GpuProgram } from "./gpu_program.ts";
import { fromBytes, toBytes } from "./host_bytes.ts";
import { ForeignShaders, isForeign } from "./opaque/foreign_shaders.ts";
import {
  type AdapterSource,
  openDevice,
  type OpenedDevice,
  platformGpu,
} from "./open_device.ts";
import { Pipelines } from "./pipelines.ts";
import { ReadBack } from "./read_back.ts";
import { refusalOf } from "./refusal.ts";
import { aloneIn, measureStep } from "./tuning/measure_step.ts";
import { shapeClassOf } from "./tuning/shape_class.ts";
import { tuneProgram } from "./tuning/tune_program.ts";
import type { TuningTable } from "./tuning/tuning_table.ts";
import { WebGpuBuffer } from "./webgpu_buffer.ts";
import { turnsRefusal } from "./row_program/loop_turns.ts";

const NAME = "webgpu";

/** Options of {@linkcode createWebGpuBackend}. */
export interface WebGpuOptions {
  /**
   * The WebGPU to use.
   *
   * @default {navigator.gpu}
   */
  readonly gpu?: AdapterSource;
  /**
   * Bytes that all arrays together may take. The device may have less; it says so when it comes to it.
   *
   * @default {Infinity}
   */
  readonly memoryBytes?: number;
  /**
   * Where to look up, and to note, which code is the fastest for a class of kernels on this adapter. What
   * is not known is tried when a program is compiled, on a device that has a clock. Without a table
   * nothing is tried, and the choice depends on sizes and the kind of adapter only.
   */
  readonly tuning?: TuningTable;
}

/**
 * Makes the backend that compiles kernels to WGSL and runs them on a GPU.
 *
 * Numerics: `float32` throughout. Functions are written out rather than left to the driver, within 6
 * units in the last place but for powers. Where there is no Vulkan, Deno may fall back to OpenGL, whose
 * drivers put sums in another order, and take comparisons with `NaN` for true: the environment variable
 * `DENO_WEBGPU_BACKEND=vulkan` keeps it from that.
 *
 * Cost: a run submits one command buffer and does not wait, unless it has loops that an operator brought;
 * each wait for elements takes 11 ms at least, and those that are asked for together share it.
 *
 * Arrays may be larger than what a shader is bound to: a kernel runs in parts then, along the first axis
 * of its output. One that has none is refused, so that the next backend computes its program.
 *
 * @example Doubling on a GPU, where there is one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createWebGpuBackend } from "@spiraltorch/spiraltorch/kernels/webgpu";
 *
 * if (await navigator.gpu?.requestAdapter()) {
 *   await using backend = await createWebGpuBackend();
 *   const x = backend.allocate({ dtype: "float32", size: 2 });
 *   const y = backend.allocate({ dtype: "float32", size: 2 });
 *   backend.write(x, Float32Array.of(1, 2));
 *   using double = await backend.compile({
 *     inputs: [x],
 *     outputs: [y],
 *     temporaries: [],
 *     steps: [{
 *       kernel: {
 *         kind: "map",
 *         shape: [2],
 *         operands: [{ dtype: "float32", strides: [1], offset: 0 }],
 *         body: [
 *           { kind: "load", operand: 0, dtype: "float32" },
 *           { kind: "binary", fn: "add", left: 0, right: 0, dtype: "float32" },
 *         ],
 *         dtype: "float32",
 *       },
 *       inputs: [0],
 *       output: 1,
 *     }],
 *   });
 *   await double.run([x], [y]);
 *   assertEquals(await backend.read(y), Float32Array.of(2, 4));
 * }
 * ```
 *
 * @param options Which GPU, and how much of it.
 * @returns The backend.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if there is no adapter, or it grants no device.
 */
export async function createWebGpuBackend(
  { gpu, memoryBytes = Infinity, tuning }: WebGpuOptions = {},
): Promise<Backend> {
  const opened = await openDevice(gpu ?? platformGpu());
  return new WebGpuBackend(opened, { memoryBytes, tuning });
}

interface Live extends OpenedDevice {
  readonly watch: DeviceWatch;
  readonly pool: BufferPool;
  readonly pipelines: Pipelines;
  readonly foreign: ForeignShaders;
  readonly readBack: ReadBack;
  readonly compiler: StepCompiler;
}

class WebGpuBackend implements Backend {
  readonly name = NAME;
  readonly #buffers = { backend: this, type: WebGpuBuffer };
  readonly #tuning: TuningTable | undefined;
  #live: Live | undefined;
  #arrays = 0;

  constructor(
    opened: OpenedDevice,
    { memoryBytes, tuning }: {
      readonly memoryBytes: number;
      readonly tuning: TuningTable | undefined;
    },
  ) {
    const { device, isSoftware, name } = opened;
    const watch = new DeviceWatch(NAME, device);
    const pipelines = new Pipelines(device);
    const traits: GpuTraits = {
      isSoftware,
      bindingBytes: bindingBytes(device.limits),
      variant: isSoftware ? "alone" : "shared",
    };
    const foreign = new ForeignShaders(device, pipelines, traits);
    this.#tuning = tuning;
    this.#live = {
      ...opened,
      watch,
      pool: new BufferPool({
        bytesMax: memoryBytes,
        arrayBytesMax: arrayBytesOf(device.limits),
        make: (bytes) => this.#make(bytes),
      }),
      pipelines,
      foreign,
      readBack: new ReadBack(device, watch),
      compiler: new StepCompiler({
        ...traits,
        tuned: (kernel) => {
          const shapeClass = shapeClassOf(kernel);
          return shapeClass === undefined
            ? undefined
            : tuning?.get(name, shapeClass);
        },
        device,
        watch,
        pipelines,
        foreign,
      }),
    };
  }

  refuses(kernel: Kernel): string | undefined {
    const { device, isSoftware } = this.#use();
    return refusalOf(kernel, device.limits) ??
      turnsRefusal(kernel, isSoftware);
  }

  allocate(spec: BufferSpec): DeviceBuffer {
    this.#use().watch.assertAlive();
    return new WebGpuBuffer(this, spec, this.#take(bytesOf(spec)));
  }

  free(buffer: DeviceBuffer): void {
    // Tensors may be collected long after their backend: there is nothing left to give back then.
    if (!this.#live) return;
    const own = this.#own(buffer);
    own.isFree = true;
    this.#live.readBack.flush();
    this.#live.pool.give(own.array);
  }

  write(buffer: DeviceBuffer, elements: HostElements): void {
    const own = this.#own(buffer);
    assertFilled(own, elements);
    const { device, watch, readBack } = this.#use();
    watch.assertAlive();
    // Deno aborts the process where nothing is written.
    if (own.size === 0) return;
    readBack.flush();
    const bytes = toBytes(own.dtype, elements);
    watch.do(
      () => device.queue.writeBuffer(own.array.raw, 0, bytes),
      { work: `a copy of ${bytes.length} bytes` },
    );
  }

  async read(buffer: DeviceBuffer): Promise<HostElements> {
    const { dtype, size, array } = this.#own(buffer);
    const { watch, readBack } = this.#use();
    watch.assertAlive();
    if (size === 0) return hostArray(dtype, 0);
    const bytes = size * itemBytes(dtype);
    const [elements] = await this.#collect([readBack.read(array, bytes)]);
    return fromBytes(dtype, elements!);
  }

  compile(program: Program): Executable | Promise<Executable> {
    const { watch, foreign } = this.#use();
    watch.assertAlive();
    const { steps } = program;
    this.#assertTaken(program);
    const hasForeign = steps.some(({ kernel }) => isForeign(kernel));
    if (!hasForeign && !this.#tuning) return this.#compileChecked(program);
    return foreign.check(steps).then(async () => {
      if (this.#tuning) await this.#tune(program, this.#tuning);
      return this.#compileChecked(program);
    });
  }

  #compileChecked(program: Program): Executable {
    const { compiler } = this.#use();
    const { steps } = program;
    return this.#bind(
      program,
      steps.map((step) => compiler.compile(step, program)),
    );
  }

  #tune(program: Program, table: TuningTable): Promise<void> {
    const { device, compiler, name } = this.#use();
    if (!device.features.has("timestamp-query")) return Promise.resolve();
    const bytesMax = bindingBytes(device.limits);
    return tuneProgram(program, {
      table,
      adapter: name,
      compile: (step, variant) =>
        largestBytes(step, program) > bytesMax
          ? undefined
          : compiler.compileAs(step, variant),
      measure: (step, kernel) =>
        measureStep(aloneIn(program, step), {
          backend: this,
          bind: (alone) => this.#bind(alone, [kernel]),
        }),
    });
  }

  #bind(program: Program, kernels: readonly GpuKernel[]): GpuProgram {
    const live = this.#use();
    const held = bindProgram(program, kernels, {
      ...live,
      take: (bytes) => this.#take(bytes),
    });
    return new GpuProgram(program, held, {
      ...live,
      arrayOf: (buffer, spec) => this.#fitting(buffer, spec).array,
      settle: () => this.#settle(),
      collect: (readings) => this.#collect(readings),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    if (!live) return;
    await live.readBack.finish();
    live.pool.clear();
    live.device.destroy();
  }

  /** Waits for copies, and for what the device says about all it was told so far. */
  async #collect(
    readings: readonly Promise<ArrayBuffer>[],
  ): Promise<ArrayBuffer[]> {
    const [all] = await Promise.allSettled([Promise.all(readings)]);
    await this.#settle();
    // Nothing else ends a wait for the device.
    if (all.status === "rejected") throw deviceLost(NAME, String(all.reason));
    return all.value;
  }

  #settle(): Promise<void> {
    // What was underway when the backend was disposed is finished all the same.
    if (!this.#live) return Promise.resolve();
    const { watch, pool } = this.#live;
    return watch.settle({
      usedBytes: pool.usedBytes,
      totalBytes: pool.bytesMax,
    });
  }

  #assertTaken({ steps }: Program): void {
    for (const { kernel } of steps) {
      const reason = this.refuses(kernel);
      if (reason === undefined) continue;
      throw kernelRefused(NAME, { kernel: describeKernels([kernel]), reason });
    }
  }

  #use(): Live {
    if (!this.#live) throw backendDisposed(NAME);
    return this.#live;
  }

  #own(buffer: DeviceBuffer): WebGpuBuffer {
    this.#use();
    return ownBuffer(buffer, this.#buffers);
  }

  #fitting(buffer: DeviceBuffer, spec: BufferSpec): WebGpuBuffer {
    const own = this.#own(buffer);
    assertFitting(own, spec);
    return own;
  }

  #take(bytes: number): GpuArray {
    const { pool, device } = this.#use();
    const array = pool.take(bytes);
    if (array) return array;
    const bytesMax = arrayBytesOf(device.limits);
    if (bytes > bytesMax) throw arrayTooLarge(NAME, { bytes, bytesMax });
    throw outOfMemory(NAME, {
      wantedBytes: bytes,
      usedBytes: pool.usedBytes,
      totalBytes: pool.bytesMax,
    });
  }

  #make(bytes: number): GpuArray {
    const { device, watch, pool } = this.#use();
    const array: GpuArray = {
      id: this.#arrays++,
      raw: watch.do(
        () =>
          device.createBuffer({
            size: bytes,
            usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
              GPUBufferUsage.COPY_DST,
          }),
        { work: "an array", bytes, undo: () => pool.spoil(array) },
      ),
      bytes,
    };
    return array;
  }
}

function bytesOf({ dtype, size }: BufferSpec): number {
  return size * itemBytes(dtype);
}

/** Bytes of the largest array, whole words. */
function arrayBytesOf({ maxBufferSize }: GPUSupportedLimits): number {
  return maxBufferSize - maxBufferSize % 4;
}
