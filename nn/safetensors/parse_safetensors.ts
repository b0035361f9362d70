import { assertInstance } from "../../core/base/mod.ts";
import { decodeTensor } from "./decode_tensor.ts";
import {
  type HostTensor,
  LENGTH_BYTES,
  type SafetensorsContent,
} from "./format.ts";
import { readHeader, readHeaderLength } from "./read_header.ts";

/**
 * Reads the bytes of a safetensors file. Nothing in them is trusted: what is read lies within them,
 * every byte belongs to one tensor, and no memory is taken for what is not there.
 *
 * What is stored in a dtype that tensors do not have is read in the nearest one: `F64` and `F8_*` as
 * `float32`, other integers as `int32`, where they must fit.
 *
 * @param bytes The bytes.
 * @returns Tensors, which are copies, in the order of their bytes; and notes.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue.
 */
export function parseSafetensors(bytes: Uint8Array): SafetensorsContent {
  assertInstance("bytes of parseSafetensors", bytes, Uint8Array);
  const start = LENGTH_BYTES + readHeaderLength(bytes, bytes.length);
  const { entries, metadata } = readHeader(
    bytes.subarray(LENGTH_BYTES, start),
    bytes.length - start,
  );
  const elements = bytes.subarray(start);
  const tensors = new Map<string, HostTensor>();
  for (const entry of entries) {
    const stored = elements.subarray(entry.start, entry.end);
    tensors.set(entry.name, decodeTensor(entry, stored));
  }
  return { tensors, metadata };
}
