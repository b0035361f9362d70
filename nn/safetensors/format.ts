/**
 * The safetensors format: eight bytes that say how long the header is, a header in JSON that says
 * what each tensor is and where, and the tensors' elements, with nothing between them.
 *
 * Little-endian, as every machine that this library runs on.
 *
 * **Source**: the safetensors format description, huggingface/safetensors, README "Format".
 *
 * @module
 */
import type { DType, HostArray, Shape } from "../../core/base/mod.ts";

/** One tensor's elements, outside any backend. */
export interface HostTensor {
  /** How one element is stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
  /** The elements, row by row; those of half types as `float32`, rounded when they are written. */
  readonly data: HostArray;
}

/** What a safetensors file holds. */
export interface SafetensorsContent {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** Notes by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bytes that hold the header's length. */
export const LENGTH_BYTES = 8;

/** Longest header that is read: the limit of the format's reference implementation. */
export const HEADER_BYTES_MAX = 100_000_000;

/** The header's key for notes. */
export const METADATA_KEY = "__metadata__";

/** What the format calls a dtype. */
export const FORMAT_DTYPES: Readonly<Record<DType, string>> = {
  bfloat16: "BF16",
  bool: "BOOL",
  float16: "F16",
  float32: "F32",
  int32: "I32",
  int8: "I8",
};

/**
 * Tells whether a tensor may have a name.
 *
 * @param name The name.
 * @returns Whether it means nothing else, to the format or to JavaScript.
 */
export function isTensorName(name: string): boolean {
  return name !== METADATA_KEY && name !== "__proto__";
}
