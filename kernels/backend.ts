/**
 * What a backend must do: hold arrays, and compile programs of kernels that it then runs.
 *
 * A backend knows kernels and buffers; tensors, operators and graphs are above it. A plugin may
 * bring one.
 *
 * @module
 */
import type { DType, HostArray } from "../core/base/mod.ts";
import type { Kernel } from "./ir/mod.ts";

/** An array that lives in a backend. */
export interface DeviceBuffer {
  /** The backend that holds it. */
  readonly backend: Backend;
  /** How its elements are stored. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
}

/** What a program expects of a buffer. */
export interface BufferSpec {
  /** How its elements are stored. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
}

/** One launch: a kernel and the buffers it reads and writes, by number. */
export interface Step {
  /** What to compute. */
  readonly kernel: Kernel;
  /** Buffers of the kernel's operands. */
  readonly inputs: readonly number[];
  /**
   * Buffer of its output. It may be one that the step reads if `mayOverwrite` says so of every operand
   * there; and an input's, whose elements it replaces.
   */
  readonly output: number;
}

/**
 * Launches in order. Buffers are numbered: first the inputs, then the outputs, then the temporaries,
 * which hold values from one step to another and may be used again once those are no longer needed.
 */
export interface Program {
  /** Buffers that whoever runs the program supplies filled; a step may fill one anew. */
  readonly inputs: readonly BufferSpec[];
  /** Buffers that whoever runs the program supplies to be filled. */
  readonly outputs: readonly BufferSpec[];
  /** Sizes of the temporaries, in bytes. */
  readonly temporaries: readonly number[];
  /** The launches, in an order in which every value is written before it is read. */
  readonly steps: readonly Step[];
}

/** A compiled program. Disposing it frees its code and temporaries. */
export interface Executable extends Disposable {
  /**
   * Runs the program once.
   *
   * @param inputs Buffers that match the program's inputs.
   * @param outputs Buffers that match the program's outputs; their contents are replaced.
   * @returns Nothing, or a promise where the work is not done in the call.
   */
  run(
    inputs: readonly DeviceBuffer[],
    outputs: readonly DeviceBuffer[],
  ): void | Promise<void>;
  /**
   * Runs the program once, and tells how long each step took by the clock of the device. Absent where it
   * has none.
   *
   * @param inputs Buffers that match the program's inputs.
   * @param outputs Buffers that match the program's outputs; their contents are replaced.
   * @returns Milliseconds of each step.
   */
  runTimed?(
    inputs: readonly DeviceBuffer[],
    outputs: readonly DeviceBuffer[],
  ): Promise<readonly number[]>;
}

/** Elements on the host: a reference backend may hand out more precision than a dtype stores. */
export type HostElements = HostArray | Float64Array;

/** Where arrays live and kernels run. */
export interface Backend extends AsyncDisposable {
  /** Short name, `wasm`. */
  readonly name: string;
  /**
   * Tells whether a kernel can run here.
   *
   * @param kernel The kernel.
   * @returns The reason why not, or `undefined` if it can.
   */
  refuses(kernel: Kernel): string | undefined;
  /**
   * Makes an array. Its contents are undefined.
   *
   * @param spec Dtype and number of elements.
   * @returns The array.
   * @throws {BackendError} `OUT_OF_MEMORY` if there is no room.
   */
  allocate(spec: BufferSpec): DeviceBuffer;
  /**
   * Gives an array's memory back. Work that was started before still sees it. Does nothing once the
   * backend has been disposed: its memory is gone as a whole.
   *
   * @param buffer The array, which must not be used any more.
   */
  free(buffer: DeviceBuffer): void;
  /**
   * Fills an array from the host.
   *
   * @param buffer The array.
   * @param elements As many elements as it has; they are copied.
   */
  write(buffer: DeviceBuffer, elements: HostElements): void;
  /**
   * Copies an array to the host, after all work that was started before.
   *
   * @param buffer The array.
   * @returns The elements.
   */
  read(buffer: DeviceBuffer): Promise<HostElements>;
  /**
   * Compiles a program.
   *
   * @param program The program.
   * @returns What runs it, or a promise of it where the backend must first load what compiles.
   * @throws {BackendError} `OUT_OF_MEMORY` if there is no room for its temporaries; so does the promise.
   * @throws {Error} with the code `KERNEL_REFUSED` if it refuses a kernel; so does the promise. Another
   * backend computes the program then.
   */
  compile(program: Program): Executable | Promise<Executable>;
}
