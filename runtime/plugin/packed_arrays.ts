/**
 * Arrays as bytes, on their way between host and sandbox: one after the other, each at a multiple of
 * four bytes; those of half types as `float32`. Little-endian, as every machine that this library runs
 * on.
 *
 * @module
 */
import {
  type DType,
  type HostArray,
  hostArray,
  sizeOf,
} from "../../core/base/mod.ts";

/** What an array holds. */
export interface PackedType {
  /** How its elements are stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: readonly number[];
}

/**
 * Writes arrays as bytes.
 *
 * @param types What they hold.
 * @param arrays Their elements, as many as their shapes say.
 * @returns The bytes.
 */
export function packArrays(
  types: readonly PackedType[],
  arrays: readonly ArrayLike<number>[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packedBytes(types));
  let offset = 0;
  types.forEach(({ dtype }, i) => {
    const array = hostArray(dtype, arrays[i]!.length);
    array.set(arrays[i]!);
    bytes.set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      offset,
    );
    offset += roundUp(array.byteLength);
  });
  return bytes;
}

/**
 * Reads arrays from bytes.
 *
 * @param types What they hold.
 * @param bytes The bytes.
 * @returns The arrays, which are copies; `undefined` if there are more or fewer bytes.
 */
export function unpackArrays(
  types: readonly PackedType[],
  bytes: Uint8Array,
): HostArray[] | undefined {
  if (bytes.length !== packedBytes(types)) return undefined;
  let offset = 0;
  return types.map(({ dtype, shape }) => {
    const array = hostArray(dtype, sizeOf(shape));
    const end = offset + array.byteLength;
    new Uint8Array(array.buffer).set(bytes.subarray(offset, end));
    offset += roundUp(array.byteLength);
    return array;
  });
}

function packedBytes(types: readonly PackedType[]): number {
  return types.reduce((sum, { dtype, shape }) => {
    const { BYTES_PER_ELEMENT } = hostArray(dtype, 0);
    return sum + roundUp(sizeOf(shape) * BYTES_PER_ELEMENT);
  }, 0);
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
