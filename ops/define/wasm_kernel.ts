/**
 * Kernels in WebAssembly. A module has a memory of its own: inputs are copied into it and the output
 * out of it, so that whatever it does, it touches no tensor. `docs/wasm_kernels.md` describes what it
 * is given.
 *
 * @module
 */
import {
  compareText,
  type DType,
  type HostArray,
  hostArray,
  sizeOf,
} from "../../core/base/mod.ts";
import type {
  Attributes,
  HostKernel,
  LoweredCall,
  TensorType,
} from "../graph/node.ts";
import { wasmKernelFailed } from "./errors.ts";
import { compileKernelModule } from "./wasm_module.ts";

/** What the description calls how elements are stored. */
const STORAGE: Readonly<Record<DType, number>> = {
  bfloat16: 0,
  bool: 3,
  float16: 0,
  float32: 0,
  int32: 1,
  int8: 2,
};

/** Words of the description before its arrays, and of each array. */
const HEAD_WORDS = 3;
const ARRAY_WORDS = 5;

/** Arrays lie at multiples of what the widest vectors need. */
const ALIGNMENT = 16;

/**
 * Makes a kernel of a WebAssembly module. The module is checked now, and instantiated when the kernel
 * is first used. It is not interrupted: a module that never returns never does, so one from a stranger
 * belongs into a sandbox.
 *
 * @param bytes The module: no imports, no start function, a memory of its own that states its maximum,
 * exported as `memory`, and a function `run` of one address that gives 0.
 * @returns The kernel, for `kernels` of `defineOperator`.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if the module breaks a rule.
 */
export function wasmKernel(bytes: Uint8Array): HostKernel {
  const module = compileKernelModule(bytes);
  let instance: KernelInstance | undefined;
  return (inputs, call) => {
    const own = instance ?? new KernelInstance(module);
    // One that traps may have left anything behind: the next call gets a new one.
    instance = undefined;
    const result = own.run(inputs, call);
    instance = own;
    return result;
  };
}

/** A module that runs, and where its own data ends. */
class KernelInstance {
  readonly #memory: WebAssembly.Memory;
  readonly #run: (description: number) => unknown;
  readonly #base: number;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module);
    // Both were found among the module's exports.
    this.#memory = exports.memory as WebAssembly.Memory;
    this.#run = exports.run as (description: number) => unknown;
    this.#base = this.#memory.buffer.byteLength;
  }

  run(
    inputs: readonly ArrayLike<number>[],
    { inputs: types, output, attributes }: LoweredCall,
  ): HostArray {
    const layout = new Layout([...types, output], {
      base: this.#base,
      settings: numbersOf(attributes),
    });
    this.#reserve(layout.end);
    layout.write(this.#memory.buffer, inputs);
    const status = this.#run(this.#base);
    if (status !== 0) {
      throw wasmKernelFailed(`found ${String(status)} returned, wanted 0`);
    }
    // Not the buffer from before: growing a memory takes its buffer away.
    return layout.read(this.#memory.buffer);
  }

  #reserve(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / 65536));
    } catch {
      throw wasmKernelFailed(
        `found no room for ${end} bytes in its memory, wanted a larger maximum`,
      );
    }
  }
}

/** Where the description, the settings and the arrays of one call lie. */
class Layout {
  readonly #types: readonly TensorType[];
  readonly #settings: readonly number[];
  readonly #base: number;
  readonly #settingsAt: number;
  readonly #shapesAt: readonly number[];
  readonly #arraysAt: readonly number[];
  /** Where the last array ends. */
  readonly end: number;

  constructor(
    types: readonly TensorType[],
    { base, settings }: {
      readonly base: number;
      readonly settings: readonly number[];
    },
  ) {
    this.#types = types;
    this.#settings = settings;
    this.#base = base;
    let end = base;
    function place(bytes: number): number {
      const start = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
      end = start + bytes;
      return start;
    }
    place(4 * (HEAD_WORDS + ARRAY_WORDS * types.length));
    this.#settingsAt = place(8 * settings.length);
    this.#shapesAt = types.map(({ shape }) => place(4 * shape.length));
    this.#arraysAt = types.map(({ dtype, shape }) =>
      place(hostArray(dtype, 0).BYTES_PER_ELEMENT * sizeOf(shape))
    );
    this.end = end;
  }

  write(buffer: ArrayBufferLike, inputs: readonly ArrayLike<number>[]): void {
    const types = this.#types;
    new Int32Array(buffer, this.#base).set([
      types.length - 1,
      this.#settingsAt,
      this.#settings.length,
      ...types.flatMap(({ dtype, shape }, i) => [
        this.#arraysAt[i]!,
        sizeOf(shape),
        STORAGE[dtype],
        shape.length,
        this.#shapesAt[i]!,
      ]),
    ]);
    new Float64Array(buffer, this.#settingsAt).set(this.#settings);
    types.forEach(({ shape }, i) => {
      new Int32Array(buffer, this.#shapesAt[i]!).set(shape);
      if (i < inputs.length) this.#view(buffer, i).set(inputs[i]!);
    });
    // What the last call left is no output of this one.
    this.#view(buffer, types.length - 1).fill(0);
  }

  /** A copy of the output. */
  read(buffer: ArrayBufferLike): HostArray {
    return this.#view(buffer, this.#types.length - 1).slice();
  }

  #view(buffer: ArrayBufferLike, i: number): HostArray {
    const { dtype, shape } = this.#types[i]!;
    const start = this.#arraysAt[i]!;
    const size = sizeOf(shape);
    switch (dtype) {
      case "float16":
      case "bfloat16":
      case "float32":
        return new Float32Array(buffer, start, size);
      case "int32":
        return new Int32Array(buffer, start, size);
      case "int8":
        return new Int8Array(buffer, start, size);
      case "bool":
        return new Uint8Array(buffer, start, size);
      default:
        return dtype satisfies never;
    }
  }
}

/** Settings as numbers, sorted by name. */
function numbersOf(attributes: Attributes): number[] {
  return Object.entries(attributes).sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => {
      if (typeof value === "number") return value;
      if (typeof value === "boolean") return Number(value);
      throw wasmKernelFailed(
        `found attribute "${name}", wanted numbers and truth values only`,
      );
    });
}
