import {
  assertMethods,
  didYouMean,
  type DType,
  invalidOption,
  type Shape,
  sizeOf,
  suggest,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertIndex } from "../check/assert_number.ts";
import { safetensorsInvalid } from "../errors.ts";
import { type ByteSource, readExactly } from "../read_exactly.ts";
import { assertRows } from "./assert_rows.ts";
import { decodeTensor } from "./decode_tensor.ts";
import { type HostTensor, LENGTH_BYTES } from "./format.ts";
import {
  type Entry,
  issue,
  readHeader,
  readHeaderLength,
} from "./read_header.ts";
import { STORED_DTYPES, type StoredDType } from "./stored_dtypes.ts";

/** What a safetensors file says of a tensor. */
export interface StoredTensor {
  /** How its elements are stored. */
  readonly stored: StoredDType;
  /** What they are read as. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
  /** Bytes it takes in the file. */
  readonly bytes: number;
}

/** Options of {@linkcode SafetensorsReader.read}. */
export interface ReadTensorOptions {
  /** Which rows: from the first to the one before the second, along the first axis; all if left out. */
  readonly rows?: readonly [from: number, to: number];
}

/**
 * Reads tensors of a safetensors file when they are asked for: only the header is held, so a file may
 * be larger than the memory.
 */
export interface SafetensorsReader {
  /** What the file says of its tensors, by name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Notes by name. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * Reads a tensor, or some of its rows.
   *
   * @param name Its name.
   * @param options Which rows.
   * @returns The tensor.
   * @throws {OptionError} `INVALID_OPTION` if there is no such tensor or row.
   * @throws {NnError} `SAFETENSORS_INVALID` if an element is none of its dtype's, or the source gives other
   * bytes than it was asked for.
   */
  read(name: string, options?: ReadTensorOptions): Promise<HostTensor>;
}

/**
 * Reads the header of a safetensors file.
 *
 * @example One tensor of many
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeSafetensors, readSafetensors } from "@spiraltorch/spiraltorch/nn";
 *
 * const weight = { dtype: "float32", shape: [3, 1], data: Float32Array.of(1, 2, 3) } as const;
 * const file = encodeSafetensors(new Map([["weight", weight]]));
 * const reader = await readSafetensors({
 *   size: file.length,
 *   read: (start, end) => Promise.resolve(file.subarray(start, end)),
 * });
 * assertEquals(await reader.read("weight"), weight);
 * const { data } = await reader.read("weight", { rows: [1, 3] });
 * assertEquals([...data], [2, 3]);
 * ```
 *
 * @param source The file.
 * @returns What reads its tensors.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue of the header.
 * @throws {OptionError} `INVALID_OPTION` if there is nothing to read from.
 */
export async function readSafetensors(
  source: ByteSource,
): Promise<SafetensorsReader> {
  assertMethods("source of readSafetensors", source, "read");
  const { size } = source;
  assertIndex("size of a source", size);
  const fail = sourceInvalid;
  const end = Math.min(LENGTH_BYTES, size);
  const first = await readExactly(source, { start: 0, end, fail });
  const start = LENGTH_BYTES + readHeaderLength(first, size);
  const header = { start: LENGTH_BYTES, end: start, fail };
  const bytes = await readExactly(source, header);
  const { entries, metadata } = readHeader(bytes, size - start);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    tensors: new Map(entries.map((entry) => [entry.name, storedOf(entry)])),
    metadata,
    read: async (name, options) => {
      const { rows } = optionsOf("a tensor of the file", options);
      const entry = byName.get(name) ?? refuseName(name, byName.keys());
      const { shape, from, to } = rowsOf(entry, rows);
      const place = start + entry.start;
      const part = { start: place + from, end: place + to, fail };
      return decodeTensor(entry, await readExactly(source, part), shape);
    },
  };
}

function sourceInvalid(message: string): Error {
  return safetensorsInvalid("read", [issue("SOURCE", "", message)]);
}

function storedOf({ stored, shape, start, end }: Entry): StoredTensor {
  const { dtype } = STORED_DTYPES[stored];
  return { stored, dtype, shape, bytes: end - start };
}

function refuseName(name: string, known: Iterable<string>): never {
  const close = suggest(String(name), known);
  const hint = close.length > 0 ? `: ${didYouMean(close)}` : "";
  throw invalidOption("name", name, `a tensor of the file${hint}`);
}

/** What some rows of a tensor are, and which of its bytes. */
function rowsOf(
  { shape, stored, start, end }: Entry,
  rows: readonly [number, number] | undefined,
): { readonly shape: Shape; readonly from: number; readonly to: number } {
  if (rows === undefined) return { shape, from: 0, to: end - start };
  assertRows(rows, shape);
  const [from, to] = rows;
  const sizes = shape.slice(1);
  const bytes = sizeOf(sizes) * STORED_DTYPES[stored].bytes;
  return { shape: [to - from, ...sizes], from: from * bytes, to: to * bytes };
}
