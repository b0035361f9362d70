/**
 * Where the description, the settings and the arrays of one call lie in the memory of a module.
 * `docs/wasm_kernels.md` describes them.
 *
 * @module
 */
import {
  type DType,
  type HostArray,
  hostArray,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";

/** An array, as foreign code sees it. */
export interface ArrayType {
  /** How one element is stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
}

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

/** Where everything lies that a call needs. */
export class CallLayout {
  readonly #types: readonly ArrayType[];
  readonly #settings: readonly number[];
  readonly #base: number;
  readonly #settingsAt: number;
  readonly #shapesAt: readonly number[];
  readonly #arraysAt: readonly number[];
  /** Where the last array ends. */
  readonly end: number;

  /**
   * Constructs a new instance.
   *
   * @param types The inputs, then the output.
   * @param options Where the description starts, and the settings of the call.
   */
  constructor(
    types: readonly ArrayType[],
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

  /**
   * Writes the description and the inputs; the output becomes zeros.
   *
   * @param buffer The memory.
   * @param inputs The elements of each input.
   */
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

  /**
   * Shows the output.
   *
   * @param buffer The memory.
   * @returns Its elements, which the next call replaces.
   */
  output(buffer: ArrayBufferLike): HostArray {
    return this.#view(buffer, this.#types.length - 1);
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
