import {
  assertMethods,
  didYouMean,
  type DType,
  invalidOption,
  type Issue,
  type Shape,
  sizeOf,
  suggest,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertIndex } from "../check/assert_number.ts";
import { ggufInvalid } from "../errors.ts";
import { type ByteSource, readExactly } from "../read_exactly.ts";
import { assertRows } from "../safetensors/assert_rows.ts";
import type { HostTensor } from "../safetensors/format.ts";
import type { ReadTensorOptions } from "../safetensors/read_safetensors.ts";
import { HeaderShort, HeaderWrong } from "./header_bytes.ts";
import {
  type GgufEntry,
  type GgufHeader,
  type GgufValue,
  parseGgufHeader,
} from "./parse_header.ts";
import type { GgufType } from "./storing.ts";

/** What a GGUF file says of a tensor. */
export interface GgufTensor {
  /** How its elements are stored; `type 12` for one that cannot be read. */
  readonly stored: GgufType | `type ${number}`;
  /** What they are read as; `undefined` where they cannot be read. */
  readonly dtype: DType | undefined;
  /** Sizes per axis, the last one running fastest: the other way round than the file has them. */
  readonly shape: Shape;
}

/** Reads tensors of a GGUF file when they are asked for: only the header is held. */
export interface GgufReader {
  /** What the file says of its tensors, by name, in its order. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** What it says of the model, such as `general.architecture`, and of its words. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /**
   * Reads a tensor, or some of its rows. Blocks of numbers that share a scale become `float32`.
   *
   * @param name Its name.
   * @param options Which rows.
   * @returns The tensor.
   * @throws {OptionError} `INVALID_OPTION` if there is no such tensor or row, or rows begin inside a block.
   * @throws {NnError} `GGUF_INVALID` if its elements are stored in a way that is not read, or one is none
   * of its dtype's, or the source gives other bytes than it was asked for.
   */
  read(name: string, options?: ReadTensorOptions): Promise<HostTensor>;
}

/** Bytes that are read at first: the headers of small files end there. */
const FIRST_BYTES = 2 ** 16;
/** Longest header that is read. */
const HEADER_BYTES_MAX = 2 ** 28;

/**
 * Reads the header of a GGUF file, in which models are handed on with numbers of four to eight bits.
 * `F32`, `F16`, `BF16`, `F64`, whole numbers, and the blocks `Q4_0`, `Q4_1`, `Q5_0`, `Q5_1` and `Q8_0` are
 * read; tensors of other types are listed.
 *
 * **Source**: ggml, `docs/gguf.md`, versions 2 and 3.
 *
 * @example What is no such file
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { NnError, readGguf } from "@spiraltorch/spiraltorch/nn";
 *
 * const bytes = new TextEncoder().encode("GGML, which is older");
 * const source = {
 *   size: bytes.length,
 *   read: (start: number, end: number) => Promise.resolve(bytes.subarray(start, end)),
 * };
 * await assertRejects(() => readGguf(source), NnError, "Found no GGUF file");
 * ```
 *
 * @param source The file.
 * @returns What reads its tensors.
 * @throws {NnError} `GGUF_INVALID` with every issue of the header.
 * @throws {OptionError} `INVALID_OPTION` if there is nothing to read from.
 */
export async function readGguf(source: ByteSource): Promise<GgufReader> {
  assertMethods("source of readGguf", source, "read");
  assertIndex("size of a source", source.size);
  const { entries, metadata, dataStart } = await headerOf(source);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    tensors: new Map(entries.map((entry) => [entry.name, toldOf(entry)])),
    metadata,
    read: async (name, options) => {
      const { rows } = optionsOf("a tensor of the file", options);
      const entry = byName.get(name) ?? refuseName(name, byName.keys());
      return await readEntry(entry, { source, dataStart, rows });
    },
  };
}

/** Reads ever more of the file, until the header ends. */
async function headerOf(source: ByteSource): Promise<GgufHeader> {
  const most = Math.min(source.size, HEADER_BYTES_MAX);
  for (let end = Math.min(FIRST_BYTES, most);; end = Math.min(2 * end, most)) {
    const fail = sourceInvalid;
    const bytes = await readExactly(source, { start: 0, end, fail });
    try {
      const header = parseGgufHeader(bytes, source.size);
      if ("dataStart" in header) return header;
      throw ggufInvalid(header);
    } catch (error) {
      if (error instanceof HeaderWrong) throw headerInvalid(error.message);
      if (!(error instanceof HeaderShort)) throw error;
      if (end < most) continue;
      throw headerInvalid(`Found no end of the header in ${end} bytes`);
    }
  }
}

async function readEntry(
  { name, storing, shape, offset, bytes }: GgufEntry,
  { source, dataStart, rows }: {
    readonly source: ByteSource;
    readonly dataStart: number;
    readonly rows: readonly [number, number] | undefined;
  },
): Promise<HostTensor> {
  if (typeof storing === "number") {
    const message = `Found type ${storing}, which is not read`;
    throw ggufInvalid([{ code: "TYPE", path: name, message }]);
  }
  let [from, to] = [0, bytes];
  let sizes = shape;
  if (rows) {
    assertRows(rows, shape);
    const row = sizeOf(shape.slice(1)) / storing.elements * storing.bytes;
    [from, to] = [rows[0] * row, rows[1] * row];
    sizes = [rows[1] - rows[0], ...shape.slice(1)];
    if ([from, to].some((at) => at % storing.bytes !== 0)) {
      const wanted = `multiples of ${storing.elements}, where blocks begin`;
      throw invalidOption("rows", rows, wanted);
    }
  }
  const start = dataStart + offset;
  const stored = await readExactly(source, {
    start: start + from,
    end: start + to,
    fail: sourceInvalid,
  });
  const data = storing.decode(new Uint8Array(stored));
  if (data) return { dtype: storing.dtype, shape: sizes, data };
  const message = "Found an integer that int32 cannot hold";
  throw ggufInvalid([{ code: "ELEMENT", path: name, message }]);
}

function toldOf({ storing, shape }: GgufEntry): GgufTensor {
  return typeof storing === "number"
    ? { stored: `type ${storing}`, dtype: undefined, shape }
    : { stored: storing.name, dtype: storing.dtype, shape };
}

function headerInvalid(message: string): Error {
  return ggufInvalid([{ code: "HEADER", path: "", message }]);
}

function sourceInvalid(message: string): Error {
  const issue: Issue = { code: "SOURCE", path: "", message };
  return ggufInvalid([issue]);
}

function refuseName(name: string, known: Iterable<string>): never {
  const close = suggest(String(name), known);
  const hint = close.length > 0 ? `: ${didYouMean(close)}` : "";
  throw invalidOption("name", name, `a tensor of the file${hint}`);
}
