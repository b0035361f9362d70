/**
 * Arrays as bytes, on their way between host and sandbox: one after the other, each at a multiple of
 * four bytes; those of half types as `float32`. Little-endian, as every machine that this library runs
 * on.
 *
 * @module
 */
import { type DType, type HostArray, sizeOf } from "../../core/base/mod.ts";

/** What an array holds. */
export interface PackedType {
  /** How its elements are stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: readonly number[];
}

/** What elements are kept in while they are nobody's. */
const ARRAYS = {
  float16: Float32Array,
  bfloat16: Float32Array,
  float32: Float32Array,
  int32: Int32Array,
  int8: Int8Array,
  bool: Uint8Array,
} satisfies Record<DType, unknown>;

/**
 * Writes arrays as bytes. One that lies alone, as it would be written, is not copied.
 *
 * @param types What they hold.
 * @param arrays Their elements, as many as their shapes say.
 * @returns The bytes, which must not be changed.
 */
export function packArrays(
  types: readonly PackedType[],
  arrays: readonly ArrayLike<number>[],
): Uint8Array<ArrayBuffer> {
  const length = packedBytes(types);
  const [first] = arrays;
  if (arrays.length === 1 && isPacked(first, types[0]!.dtype, length)) {
    return new Uint8Array(first.buffer, first.byteOffset, length);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  types.forEach(({ dtype }, i) => {
    const { length } = arrays[i]!;
    const packed = new ARRAYS[dtype](bytes.buffer, offset, length);
    packed.set(arrays[i]!);
    offset += roundUp(packed.byteLength);
  });
  return bytes;
}

/**
 * Reads arrays from bytes.
 *
 * @param types What they hold.
 * @param bytes The bytes, which are the arrays' from now on.
 * @returns The arrays; `undefined` if there are more or fewer bytes.
 */
export function unpackArrays(
  types: readonly PackedType[],
  bytes: Uint8Array<ArrayBuffer>,
): HostArray[] | undefined {
  if (bytes.length !== packedBytes(types)) return undefined;
  // Arrays begin at multiples of their elements' size only.
  const { buffer, byteOffset } = bytes.byteOffset % 4 === 0
    ? bytes
    : bytes.slice();
  let offset = byteOffset;
  return types.map(({ dtype, shape }) => {
    const array = new ARRAYS[dtype](buffer, offset, sizeOf(shape));
    offset += roundUp(array.byteLength);
    return array;
  });
}

/** Tells whether elements are the bytes they would be written as, and no thread can change them meanwhile. */
function isPacked(
  elements: unknown,
  dtype: DType,
  byteLength: number,
): elements is ArrayBufferView<ArrayBuffer> {
  return elements instanceof ARRAYS[dtype] &&
    elements.buffer instanceof ArrayBuffer &&
    elements.byteLength === byteLength;
}

function packedBytes(types: readonly PackedType[]): number {
  return types.reduce((sum, { dtype, shape }) => {
    const { BYTES_PER_ELEMENT } = ARRAYS[dtype];
    return sum + roundUp(sizeOf(shape) * BYTES_PER_ELEMENT);
  }, 0);
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
