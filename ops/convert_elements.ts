import {
  type DType,
  type HostArray,
  itemBytes,
  roundHalf,
} from "../core/base/mod.ts";
import type { HostElements } from "../kernels/mod.ts";
import { tensorDataInvalid } from "./errors.ts";

/** Elements, and how a tensor of them is stored if nobody says otherwise. */
export interface TypedElements {
  /** The elements. */
  readonly elements: HostElements;
  /** The dtype. */
  readonly dtype: DType;
}

/**
 * Copies an array whose type says what its elements are.
 *
 * @param data The array.
 * @returns The copy, and its dtype.
 */
export function fromTypedArray(
  data: HostArray | Float16Array | Float64Array,
): TypedElements {
  if (data instanceof Float16Array) {
    return { elements: new Float32Array(data), dtype: "float16" };
  }
  const elements = data.slice();
  if (data instanceof Int8Array) return { elements, dtype: "int8" };
  const isWhole = data instanceof Int32Array || data instanceof Uint8Array;
  return { elements, dtype: isWhole ? "int32" : "float32" };
}

/**
 * Brings elements into an array that a tensor of a dtype keeps: rounded, where it holds fewer digits.
 *
 * @param elements The elements.
 * @param dtype The dtype.
 * @returns The same array where it is one already, else a new one.
 * @throws {TensorError} `TENSOR_DATA_INVALID` if a whole number has too many bits.
 */
export function convertElements(
  elements: HostElements,
  dtype: DType,
): HostElements {
  switch (dtype) {
    case "float32":
      return elements instanceof Float32Array ||
          elements instanceof Float64Array
        ? elements
        : new Float32Array(elements);
    case "float16":
    case "bfloat16":
      return Float32Array.from(elements, (x) => roundHalf(x, dtype));
    case "int32":
      return elements instanceof Int32Array
        ? elements
        : new Int32Array(wholeNumbers(elements, dtype));
    case "int8":
      return elements instanceof Int8Array
        ? elements
        : new Int8Array(wholeNumbers(elements, dtype));
    case "bool":
      return Uint8Array.from(elements, (x) => Number(x !== 0));
    default:
      return dtype satisfies never;
  }
}

/** Requires numbers whose whole part has no more bits than a dtype. */
function wholeNumbers(
  elements: HostElements,
  dtype: "int8" | "int32",
): HostElements {
  const bits = 8 * itemBytes(dtype);
  const limit = 2 ** (bits - 1);
  const odd = elements.find((x) => {
    const whole = Math.trunc(x);
    return !(whole >= -limit && whole < limit);
  });
  if (odd === undefined) return elements;
  throw tensorDataInvalid(
    `found ${odd}, wanted numbers from -2^${bits - 1} below 2^${
      bits - 1
    } for "${dtype}"`,
    { found: String(odd) },
  );
}
