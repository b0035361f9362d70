import type { Shape } from "../../core/base/mod.ts";
import { safetensorsInvalid } from "../errors.ts";
import type { HostTensor } from "./format.ts";
import { type Entry, issue } from "./read_header.ts";
import { STORED_DTYPES } from "./stored_dtypes.ts";

/**
 * Takes a tensor, or some of its rows, out of a file's bytes.
 *
 * @param entry What the header says of it.
 * @param bytes Its bytes, which are copied.
 * @param shape What they are; the whole tensor if left out.
 * @returns The tensor.
 * @throws {NnError} `SAFETENSORS_INVALID` if an element is none of its dtype's.
 */
export function decodeTensor(
  { name, stored, shape: whole }: Entry,
  bytes: Uint8Array,
  shape: Shape = whole,
): HostTensor {
  const { dtype, decode, problem } = STORED_DTYPES[stored];
  const data = decode(new Uint8Array(bytes).buffer);
  if (data) return { dtype, shape, data };
  throw safetensorsInvalid("read", [
    issue("ELEMENT", name, `Found ${problem}`),
  ]);
}
