import {
  didYouMean,
  invalidOption,
  type Issue,
  sizeOf,
  suggest,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { ggufInvalid } from "../errors.ts";
import { type ByteSource, readExactly } from "../read_exactly.ts";
import { assertRows } from "../safetensors/assert_rows.ts";
import type { HostTensor } from "../safetensors/format.ts";
import { HeaderShort, HeaderWrong } from "./header_bytes.ts";
import {
  type GgufEntry,
  type GgufHeader,
  parseGgufHeader,
} from "./parse_header.ts";
import type { GgufReader, GgufTensor } from "./format.ts";

/** Bytes that are read at first: the headers of small files end there. */
const FIRST_BYTES = 2 ** 16;
/** Longest header that is read. */
const HEADER_BYTES_MAX = 2 ** 28;

/**
 * Reads the header of a GGUF file.
 *
 * @param source The file.
 * @returns What reads its tensors.
 * @throws {NnError} `GGUF_INVALID` with every issue of the header.
 */
export async function openGgufReader(
  source: ByteSource,
): Promise<GgufReader> {
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
