import { assertInvariant } from "../../core/base/mod.ts";
import type {
  BufferSpec,
  DeviceBuffer,
  Executable,
  Program,
} from "../backend.ts";
import { assertSupplied } from "../own_buffer.ts";
import type { HeldProgram } from "./bind_program.ts";
import type { BufferPool } from "./buffer_pool.ts";
import { describeKernels } from "./describe_kernels.ts";
import type { DeviceWatch } from "./device_watch.ts";
import type { GpuArray } from "./gpu_array.ts";
import { LaunchTimer } from "./launch_timer.ts";
import { assertGranted, loopsEnded } from "./opaque/foreign_shaders.ts";
import type { ReadBack } from "./read_back.ts";

/** What a program needs of the backend that runs it. */
export interface ProgramHost {
  /** The device. */
  readonly device: GPUDevice;
  /** Who hears what it says. */
  readonly watch: DeviceWatch;
  /** What copies arrays to the host. */
  readonly readBack: ReadBack;
  /** Where arrays are given back to. */
  readonly pool: BufferPool;
  /** Finds the array of a buffer that must be as is expected. */
  readonly arrayOf: (buffer: DeviceBuffer, spec: BufferSpec) => GpuArray;
  /** Waits for what the device says about all it was told so far. */
  readonly settle: () => Promise<void>;
  /** Waits for copies, and for that. */
  readonly collect: (
    readings: readonly Promise<ArrayBuffer>[],
  ) => Promise<ArrayBuffer[]>;
}

/** What is submitted at once. */
interface Submission {
  /** The program's inputs, then its outputs. */
  readonly supplied: readonly GpuArray[];
  /** Who notes when launches begin and end. */
  readonly timer?: LaunchTimer;
}

/** A program on a device: a run submits one command buffer. */
export class GpuProgram implements Executable {
  /** As in {@linkcode Executable.runTimed}, where the device has a clock. */
  readonly runTimed?: NonNullable<Executable["runTimed"]>;
  readonly #program: Program;
  readonly #held: HeldProgram;
  readonly #host: ProgramHost;
  /** What it is, for messages. */
  readonly #work: string;
  #isLive = true;

  /**
   * Constructs a new instance.
   *
   * @param program The program.
   * @param held The same, bound to what it holds.
   * @param host What runs it.
   */
  constructor(program: Program, held: HeldProgram, host: ProgramHost) {
    this.#program = program;
    this.#held = held;
    this.#host = host;
    this.#work = describeKernels(program.steps.map(({ kernel }) => kernel));
    if (!host.device.features.has("timestamp-query")) return;
    this.runTimed = (inputs, outputs) => this.#runTimed(inputs, outputs);
  }

  /**
   * Runs the program once.
   *
   * @param inputs Buffers that match the program's inputs.
   * @param outputs Buffers that match the program's outputs.
   * @returns A promise of what the device says to it.
   */
  run(
    inputs: readonly DeviceBuffer[],
    outputs: readonly DeviceBuffer[],
  ): Promise<void> {
    const supplied = this.#accept(inputs, outputs);
    if (!this.#held.bound.isEmpty) this.#submit({ supplied });
    return this.#settle();
  }

  /** Gives back what it holds. */
  [Symbol.dispose](): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    for (const array of this.#held.arrays) this.#host.pool.give(array);
  }

  async #runTimed(
    inputs: readonly DeviceBuffer[],
    outputs: readonly DeviceBuffer[],
  ): Promise<readonly number[]> {
    const { bound } = this.#held;
    const timesMs = this.#program.steps.map(() => 0);
    const supplied = this.#accept(inputs, outputs);
    if (!bound.isEmpty) {
      const launchesMs = await this.#time(supplied);
      launchesMs.forEach((timeMs, i) => timesMs[bound.steps[i]!]! += timeMs);
    }
    await this.#settle();
    return timesMs;
  }

  /** Milliseconds of each launch. */
  async #time(supplied: readonly GpuArray[]): Promise<readonly number[]> {
    const { device, watch, readBack, collect } = this.#host;
    using timer = watch.do(
      () => new LaunchTimer(device, this.#held.bound.steps.length),
      { work: "the times of launches" },
    );
    this.#submit({ supplied, timer });
    const { array } = timer;
    const [times] = await collect([readBack.read(array, array.bytes)]);
    return timer.durations(times!);
  }

  /** Checks what a run is given, and finds its arrays. */
  #accept(
    inputs: readonly DeviceBuffer[],
    outputs: readonly DeviceBuffer[],
  ): readonly GpuArray[] {
    const { watch, readBack, arrayOf } = this.#host;
    const program = this.#program;
    const specs = [...program.inputs, ...program.outputs];
    watch.assertAlive();
    assertInvariant(
      this.#isLive,
      "a program that runs has not been disposed",
    );
    assertGranted(program.steps);
    assertSupplied(program, inputs, outputs);
    const supplied = [...inputs, ...outputs].map((buffer, i) =>
      arrayOf(buffer, specs[i]!)
    );
    readBack.flush();
    return supplied;
  }

  #submit({ supplied, timer }: Submission): void {
    const { device, watch } = this.#host;
    watch.do(() => {
      const encoder = device.createCommandEncoder();
      this.#held.bound.encode(encoder, supplied, timer);
      timer?.resolve(encoder);
      device.queue.submit([encoder.finish()]);
    }, { work: this.#work });
  }

  /** Waits for what the device says, and where loops may have been ended for whether they were. */
  async #settle(): Promise<void> {
    const { ended } = this.#held;
    const { readBack, settle, collect } = this.#host;
    if (ended.size === 0) return await settle();
    const words = await collect(
      [...ended.keys()].map((array) => readBack.read(array, 4)),
    );
    [...ended.values()].forEach((operator, i) => {
      if (new Uint32Array(words[i]!)[0] !== 0) throw loopsEnded(operator);
    });
  }
}
