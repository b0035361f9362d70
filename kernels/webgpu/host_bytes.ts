import {
  decodeHalf,
  type DType,
  encodeHalf,
  type HalfDType,
  type HostArray,
  isHalfDType,
  itemBytes,
} from "../../core/base/mod.ts";
import type { HostElements } from "../backend.ts";

/**
 * Writes elements as they are stored, padded to whole words.
 *
 * @param dtype How they are stored.
 * @param elements The elements.
 * @returns The bytes; those of the elements themselves, where they are stored so.
 */
export function toBytes(
  dtype: DType,
  elements: HostElements,
): Uint8Array<ArrayBuffer> {
  const { length, buffer, byteOffset, byteLength } = elements;
  if (
    isStoredAs(dtype, elements) && byteLength % 4 === 0 &&
    buffer instanceof ArrayBuffer
  ) return new Uint8Array(buffer, byteOffset, byteLength);
  const bytes = new ArrayBuffer(Math.ceil(length * itemBytes(dtype) / 4) * 4);
  if (isHalfDType(dtype)) {
    const numbers = elements instanceof Float64Array
      ? elements
      : Float32Array.from(elements);
    encodeHalf(dtype, numbers, new Uint16Array(bytes, 0, length));
  } else {
    arrayOver(dtype, bytes).set(elements);
  }
  return new Uint8Array(bytes);
}

/**
 * Reads elements as they are stored.
 *
 * @param dtype How they are stored.
 * @param bytes The bytes, which become the elements' own where that is possible.
 * @returns The elements.
 */
export function fromBytes(dtype: DType, bytes: ArrayBuffer): HostArray {
  return isHalfDType(dtype)
    ? decodeHalf(dtype, new Uint16Array(bytes))
    : arrayOver(dtype, bytes);
}

function isStoredAs(dtype: DType, elements: HostElements): boolean {
  switch (dtype) {
    case "float32":
      return elements instanceof Float32Array;
    case "int32":
      return elements instanceof Int32Array;
    case "int8":
      return elements instanceof Int8Array;
    case "bool":
      return elements instanceof Uint8Array;
    case "float16":
    case "bfloat16":
      return false;
    default:
      return dtype satisfies never;
  }
}

function arrayOver(
  dtype: Exclude<DType, HalfDType>,
  bytes: ArrayBuffer,
): HostArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(bytes);
    case "int32":
      return new Int32Array(bytes);
    case "int8":
      return new Int8Array(bytes);
    case "bool":
      return new Uint8Array(bytes);
    default:
      return dtype satisfies never;
  }
}
