/**
 * What foreign code is told of a call: words, settings and sizes, as `docs/wasm_kernels.md` describes
 * them.
 *
 * @module
 */
import {
  type DType,
  isHalfDType,
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

/** What code is called with. */
export interface CodeCall {
  /** Types of the inputs, then of the output. */
  readonly types: readonly ArrayType[];
  /** Settings, sorted by name. */
  readonly settings: readonly number[];
}

/** What the description calls how elements are stored. */
const STORAGE: Readonly<Record<DType, number>> = {
  bfloat16: 5,
  bool: 3,
  float16: 4,
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
 * Rounds up to where an array may start.
 *
 * @param bytes An address.
 * @returns The next one at which an array may start.
 */
export function alignArray(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Where the parts of a description lie, from its start. */
interface Places {
  readonly settings: number;
  readonly shapes: readonly number[];
  readonly end: number;
}

function placesOf({ types, settings }: CodeCall): Places {
  let end = alignArray(4 * (HEAD_WORDS + ARRAY_WORDS * types.length));
  function place(bytes: number): number {
    const start = end;
    end = alignArray(start + bytes);
    return start;
  }
  return {
    settings: place(8 * settings.length),
    shapes: types.map(({ shape }) => place(4 * shape.length)),
    end,
  };
}

/**
 * Tells how large a description is.
 *
 * @param call The call.
 * @returns Its bytes, up to where an array may start.
 */
export function descriptionBytes(call: CodeCall): number {
  return placesOf(call).end;
}

/**
 * Writes a description.
 *
 * @param call The call.
 * @param place Where: a memory, and the address in it at which the description starts; what addresses
 * in the description count from; the addresses of the arrays; and whether half types are given as
 * `float32`.
 */
export function writeDescription(
  call: CodeCall,
  { buffer, at, origin, arrays, isWidened = false }: {
    readonly buffer: ArrayBufferLike;
    readonly at: number;
    readonly origin: number;
    readonly arrays: readonly number[];
    readonly isWidened?: boolean;
  },
): void {
  const { types, settings } = call;
  const places = placesOf(call);
  const start = at - origin;
  // Between its parts, too, nothing is seen of what lay here.
  new Uint8Array(buffer, at, places.end).fill(0);
  new Int32Array(buffer, at).set([
    types.length - 1,
    start + places.settings,
    settings.length,
    ...types.flatMap(({ dtype, shape }, i) => [
      arrays[i]!,
      sizeOf(shape),
      STORAGE[isWidened && isHalfDType(dtype) ? "float32" : dtype],
      shape.length,
      start + places.shapes[i]!,
    ]),
  ]);
  new Float64Array(buffer, at + places.settings).set(settings);
  types.forEach(({ shape }, i) => {
    new Int32Array(buffer, at + places.shapes[i]!).set(shape);
  });
}
