import {
  type Issue,
  printable,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";
import { HeaderBytes, HeaderWrong } from "./header_bytes.ts";
import { GGUF_TYPES, type GgufStoring } from "./storing.ts";

/** A value of a GGUF file's notes: numbers of 64 bits that are too large for a number are `bigint`. */
export type GgufValue =
  | bigint
  | boolean
  | number
  | string
  | readonly GgufValue[];

/** One tensor as the header describes it. */
export interface GgufEntry {
  /** Its name. */
  readonly name: string;
  /** How its elements are stored; the type's number if that cannot be read. */
  readonly storing: GgufStoring | number;
  /** Sizes per axis, the last one running fastest. */
  readonly shape: Shape;
  /** Where its bytes begin, in the part for tensors. */
  readonly offset: number;
  /** How many there are; 0 if that is not known. */
  readonly bytes: number;
}

/** What a header says. */
export interface GgufHeader {
  /** Tensors in their order. */
  readonly entries: readonly GgufEntry[];
  /** Notes by name. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Where the part for tensors begins. */
  readonly dataStart: number;
}

/** Most tensors and notes that are read, and most values of a list. */
const ENTRIES_MAX = 65_536;
const VALUES_MAX = 2 ** 22;
/** Lists in lists that make sense. */
const DEPTH_MAX = 4;
const ALIGNMENT = 32;
const MAGIC = 0x46554747; // "GGUF"

/**
 * Reads a header.
 *
 * @param bytes The beginning of the file.
 * @param size How long the file is.
 * @returns What it says, or every issue of its tensors.
 * @throws {HeaderShort} If the header does not end among the bytes.
 * @throws {HeaderWrong} If it is none.
 */
export function parseGgufHeader(
  bytes: Uint8Array,
  size: number,
): GgufHeader | readonly Issue[] {
  const header = new HeaderBytes(bytes);
  if (header.uint32() !== MAGIC) {
    throw new HeaderWrong("Found no GGUF file, wanted one that begins so");
  }
  const version = header.uint32();
  if (version !== 2 && version !== 3) {
    throw new HeaderWrong(`Found version ${version}, wanted 2 or 3`);
  }
  const tensors = header.count("tensors", ENTRIES_MAX);
  const notes = header.count("notes", ENTRIES_MAX);
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < notes; i++) {
    const name = header.text();
    if (metadata.has(name)) throw twice("note", name);
    metadata.set(name, readValue(header, header.uint32(), 0));
  }
  const entries: GgufEntry[] = [];
  const names = new Set<string>();
  for (let i = 0; i < tensors; i++) {
    const entry = readEntry(header);
    if (names.has(entry.name)) throw twice("tensor", entry.name);
    names.add(entry.name);
    entries.push(entry);
  }
  const alignment = alignmentOf(metadata);
  const dataStart = Math.ceil(header.position / alignment) * alignment;
  const issues = entries.flatMap((entry) =>
    entryIssues(entry, { alignment, dataBytes: size - dataStart })
  );
  return issues.length > 0 ? issues : { entries, metadata, dataStart };
}

function twice(what: string, name: string): HeaderWrong {
  return new HeaderWrong(
    `Found the ${what} "${printable(name, 100)}" twice, wanted different names`,
  );
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get("general.alignment") ?? ALIGNMENT;
  const isFine = typeof alignment === "number" && alignment >= 8 &&
    alignment <= 2 ** 20 && alignment % 8 === 0;
  if (isFine) return alignment;
  throw new HeaderWrong(
    `Found the alignment ${String(alignment)}, wanted a multiple of 8`,
  );
}

/** Values of fixed size, by the numbers of their types. */
const NUMBERS: ReadonlyMap<
  number,
  readonly [bytes: number, read: (view: DataView, at: number) => GgufValue]
> = new Map([
  [0, [1, (view, at) => view.getUint8(at)]],
  [1, [1, (view, at) => view.getInt8(at)]],
  [2, [2, (view, at) => view.getUint16(at, true)]],
  [3, [2, (view, at) => view.getInt16(at, true)]],
  [4, [4, (view, at) => view.getUint32(at, true)]],
  [5, [4, (view, at) => view.getInt32(at, true)]],
  [6, [4, (view, at) => view.getFloat32(at, true)]],
  [10, [8, (view, at) => shortest(view.getBigUint64(at, true))]],
  [11, [8, (view, at) => shortest(view.getBigInt64(at, true))]],
  [12, [8, (view, at) => view.getFloat64(at, true)]],
]);
const BOOL = 7;
const TEXT = 8;
const LIST = 9;

function shortest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readValue(
  header: HeaderBytes,
  type: number,
  depth: number,
): GgufValue {
  const number = NUMBERS.get(type);
  if (number) return header.number(...number);
  if (type === TEXT) return header.text();
  if (type === BOOL) {
    const flag = header.number(1, (view, at) => view.getUint8(at));
    if (flag <= 1) return flag === 1;
    throw new HeaderWrong(`Found ${flag} as a bool, wanted 0 or 1`);
  }
  if (type !== LIST) {
    throw new HeaderWrong(`Found a value of type ${type}, wanted 0 to 12`);
  }
  if (depth === DEPTH_MAX) {
    throw new HeaderWrong(`Found more than ${DEPTH_MAX} lists in each other`);
  }
  const inner = header.uint32();
  const count = header.count("values of a list", VALUES_MAX);
  const values: GgufValue[] = [];
  for (let i = 0; i < count; i++) {
    values.push(readValue(header, inner, depth + 1));
  }
  return values;
}

function readEntry(header: HeaderBytes): GgufEntry {
  const name = header.text();
  const axes = header.uint32();
  if (axes > 8) {
    throw new HeaderWrong(`Found ${axes} axes, wanted at most 8`);
  }
  // The format counts axes from the one that runs fastest.
  const shape = Array.from(
    { length: axes },
    () => header.count("elements", Number.MAX_SAFE_INTEGER),
  ).reverse();
  const type = header.uint32();
  const offset = header.count("bytes", Number.MAX_SAFE_INTEGER);
  const storing = GGUF_TYPES.get(type) ?? type;
  const bytes = typeof storing === "number"
    ? 0
    : sizeOf(shape) / storing.elements * storing.bytes;
  return { name, storing, shape, offset, bytes };
}

function entryIssues(
  { name, storing, shape, offset, bytes }: GgufEntry,
  { alignment, dataBytes }: {
    readonly alignment: number;
    readonly dataBytes: number;
  },
): Issue[] {
  const issue = (code: string, message: string): Issue => ({
    code,
    path: printable(name, 100),
    message,
  });
  const issues: Issue[] = [];
  if (!Number.isSafeInteger(sizeOf(shape))) {
    issues.push(issue("SHAPE", `Found the shape [${shape}], too large`));
  }
  const row = shape.at(-1) ?? 1;
  if (typeof storing === "object" && row % storing.elements !== 0) {
    const wanted = `a multiple of ${storing.elements}`;
    issues.push(issue("SHAPE", `Found rows of ${row}, wanted ${wanted}`));
  }
  if (offset % alignment !== 0) {
    const wanted = `a multiple of ${alignment}`;
    issues.push(
      issue("OFFSET", `Found the offset ${offset}, wanted ${wanted}`),
    );
  }
  if (offset + bytes > dataBytes) {
    const found = `bytes ${offset} to ${offset + bytes}`;
    const message = `Found ${found}, wanted them below ${dataBytes}`;
    issues.push(issue("OFFSET", message));
  }
  return issues;
}
