import {
  decodeHalf,
  encodeHalf,
  type HostArray,
  hostArray,
  isHalfDType,
  itemBytes,
  sizeOf,
} from "../../core/base/mod.ts";
import type { ArrayType } from "./call_description.ts";

/**
 * Shows the elements of an array that lies in a memory as its dtype is stored.
 *
 * @param buffer The memory.
 * @param address Where the array starts.
 * @param type What it holds.
 * @returns The elements; half types as numbers, which are a copy.
 */
export function storedArray(
  buffer: ArrayBufferLike,
  address: number,
  { dtype, shape }: ArrayType,
): HostArray {
  const size = sizeOf(shape);
  if (isHalfDType(dtype)) {
    return decodeHalf(dtype, new Uint16Array(buffer, address, size));
  }
  return viewAs(hostArray(dtype, 0), buffer, { address, size });
}

/**
 * Stores elements in a memory as a dtype is stored.
 *
 * @param buffer The memory.
 * @param address Where the array starts.
 * @param array What it holds, and its elements.
 */
export function storeArray(
  buffer: ArrayBufferLike,
  address: number,
  { type, elements }: {
    readonly type: ArrayType;
    readonly elements: ArrayLike<number>;
  },
): void {
  const { dtype, shape } = type;
  if (!isHalfDType(dtype)) {
    storedArray(buffer, address, type).set(elements);
    return;
  }
  const halves = new Uint16Array(buffer, address, sizeOf(shape));
  encodeHalf(dtype, Float32Array.from(elements), halves);
}

/**
 * Tells how much room an array takes.
 *
 * @param type What it holds.
 * @returns Its bytes.
 */
export function storedBytes({ dtype, shape }: ArrayType): number {
  return itemBytes(dtype) * sizeOf(shape);
}

/**
 * Shows a stretch of a memory as an array of some kind.
 *
 * @param kind An array of that kind.
 * @param buffer The memory.
 * @param place Where it starts, and how many elements it has.
 * @returns The view.
 */
export function viewAs(
  kind: HostArray,
  buffer: ArrayBufferLike,
  { address, size }: { readonly address: number; readonly size: number },
): HostArray {
  if (kind instanceof Float32Array) {
    return new Float32Array(buffer, address, size);
  }
  if (kind instanceof Int32Array) return new Int32Array(buffer, address, size);
  if (kind instanceof Int8Array) return new Int8Array(buffer, address, size);
  return new Uint8Array(buffer, address, size);
}
