/**
 * The instructions that foreign code may use, as far as they have to be told apart: where one ends and
 * the next begins, and how those work that reach into memory. Absent on purpose: threads, exceptions,
 * tail calls, references, garbage collection, and whatever comes to WebAssembly later.
 *
 * **Source**: WebAssembly core specification 2.0, section 5.4, "Instructions"; the proposals
 * multi-memory and relaxed SIMD.
 *
 * @module
 */
import type { ByteReader } from "./byte_reader.ts";

/** Types of values, as bytes. */
export const VALUE = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
} as const;

/** How an instruction reaches into memory. */
export interface MemoryAccess {
  /** How many bytes it reads or writes. */
  readonly width: number;
  /** Type of what stands on the stack above the address: what is stored, or lanes to be filled. */
  readonly operand: number | undefined;
  /** Whether it writes. */
  readonly isStore: boolean;
}

/** What follows an instruction's number. */
export type Immediate =
  /** A type of a block. */
  | "block"
  /** So many numbers. */
  | { readonly numbers: number }
  /** So many bytes. */
  | { readonly bytes: number }
  /** A list of numbers, and one more. */
  | "table"
  /** A list of types. */
  | "types"
  /** An address within a memory, and so many bytes. */
  | { readonly access: MemoryAccess; readonly bytes: number }
  /** The number of a memory, after so many other numbers. */
  | { readonly memories: number; readonly numbers: number };

const NOTHING: Immediate = { bytes: 0 };
const NUMBER: Immediate = { numbers: 1 };

/** Instructions by number. */
const PLAIN: ReadonlyMap<number, Immediate> = new Map<number, Immediate>([
  // unreachable, nop, else, end, return, drop, select
  ...[0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].map((code) =>
    [code, NOTHING] as const
  ),
  // block, loop, if
  ...[0x02, 0x03, 0x04].map((code) => [code, "block"] as const),
  // br, br_if, call, local.get, .set, .tee, global.get, .set, i32.const, i64.const
  ...[0x0c, 0x0d, 0x10, ...range(0x20, 0x24), 0x41, 0x42].map((code) =>
    [code, NUMBER] as const
  ),
  [0x0e, "table"],
  // call_indirect
  [0x11, { numbers: 2 }],
  // select of a stated type
  [0x1c, "types"],
  ...loads(0x28, [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4]),
  ...[
    [VALUE.i32, 4],
    [VALUE.i64, 8],
    [VALUE.f32, 4],
    [VALUE.f64, 8],
    [VALUE.i32, 1],
    [VALUE.i32, 2],
    [VALUE.i64, 1],
    [VALUE.i64, 2],
    [VALUE.i64, 4],
  ].map(([operand, width], i) =>
    [0x36 + i, access({ width: width!, operand, isStore: true })] as const
  ),
  // memory.size, memory.grow
  [0x3f, { memories: 1, numbers: 0 }],
  [0x40, { memories: 1, numbers: 0 }],
  [0x43, { bytes: 4 }],
  [0x44, { bytes: 8 }],
  // Comparisons, arithmetic, conversions.
  ...range(0x45, 0xc4).map((code) => [code, NOTHING] as const),
]);

/** Instructions behind the prefix 0xfc. */
const MISCELLANEOUS: ReadonlyMap<number, Immediate> = new Map<
  number,
  Immediate
>([
  ...range(0, 7).map((code) => [code, NOTHING] as const),
  // memory.init, data.drop, memory.copy, memory.fill
  [8, { memories: 1, numbers: 1 }],
  [9, NUMBER],
  [10, { memories: 2, numbers: 0 }],
  [11, { memories: 1, numbers: 0 }],
]);

/** Instructions behind the prefix 0xfd: vectors. */
const VECTOR: ReadonlyMap<number, Immediate> = new Map<number, Immediate>([
  ...range(0, 0x113).map((code) => [code, NOTHING] as const),
  ...loads(0, [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8]),
  [11, access({ width: 16, operand: VALUE.v128, isStore: true })],
  // v128.const, i8x16.shuffle
  [12, { bytes: 16 }],
  [13, { bytes: 16 }],
  // Lanes read and replaced.
  ...range(0x15, 0x22).map((code) => [code, { bytes: 1 }] as const),
  ...[1, 2, 4, 8].flatMap((width, i) =>
    [false, true].map((isStore) =>
      [0x54 + i + (isStore ? 4 : 0), {
        access: { width, operand: VALUE.v128, isStore },
        bytes: 1,
      }] as const
    )
  ),
  ...loads(0x5c, [4, 8]),
]);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function access(access: MemoryAccess): Immediate {
  return { access, bytes: 0 };
}

function loads(
  first: number,
  widths: readonly number[],
): (readonly [number, Immediate])[] {
  return widths.map((width, i) => [
    first + i,
    access({ width, operand: undefined, isStore: false }),
  ]);
}

/** One instruction of a function. */
export interface Instruction {
  /** Its number: behind a prefix, the prefix times 65,536 and its number there. */
  readonly code: number;
  /** Its bytes, immediates included. */
  readonly bytes: Uint8Array;
  /** How it reaches into memory, if it does, and what its immediates are. */
  readonly access?: PlacedAccess;
  /** Memories that it names otherwise. */
  readonly memories?: readonly number[];
  /** Numbers before those. */
  readonly numbers?: readonly number[];
}

/** A memory access with its immediates. */
export interface PlacedAccess extends MemoryAccess {
  /** Number of the memory. */
  readonly memory: number;
  /** Logarithm of what the address is a multiple of. */
  readonly align: number;
  /** What is added to the address. */
  readonly offset: number;
  /** The byte behind: which lane. */
  readonly lane: number | undefined;
}

/**
 * Reads an instruction.
 *
 * @param reader Where it stands; afterwards, behind it.
 * @returns The instruction, or its number if it is none that foreign code may use.
 */
export function readInstruction(reader: ByteReader): Instruction | number {
  const start = reader.at;
  const first = reader.byte();
  const isPrefix = first === 0xfc || first === 0xfd;
  const second = isPrefix ? reader.unsigned() : 0;
  const code = isPrefix ? first * 65536 + second : first;
  const immediate = first === 0xfc
    ? MISCELLANEOUS.get(second)
    : first === 0xfd
    ? VECTOR.get(second)
    : PLAIN.get(first);
  if (immediate === undefined) return code;
  const rest = readImmediate(reader, immediate);
  return { code, bytes: reader.bytes.subarray(start, reader.at), ...rest };
}

function readImmediate(
  reader: ByteReader,
  immediate: Immediate,
): Pick<Instruction, "access" | "memories" | "numbers"> {
  if (immediate === "block") {
    reader.skipNumber();
    return {};
  }
  if (immediate === "table" || immediate === "types") {
    const count = reader.unsigned() + (immediate === "table" ? 1 : 0);
    for (let i = 0; i < count; i++) reader.skipNumber();
    return {};
  }
  if ("access" in immediate) {
    const flags = reader.unsigned();
    // Bit 6: the number of a memory follows.
    const memory = flags & 64 ? reader.unsigned() : 0;
    const offset = reader.unsigned();
    const lane = immediate.bytes > 0 ? reader.byte() : undefined;
    return {
      access: { ...immediate.access, memory, align: flags & 63, offset, lane },
    };
  }
  if ("memories" in immediate) {
    const read = () => reader.unsigned();
    const numbers = Array.from({ length: immediate.numbers }, read);
    return {
      numbers,
      memories: Array.from({ length: immediate.memories }, read),
    };
  }
  if ("numbers" in immediate) {
    for (let i = 0; i < immediate.numbers; i++) reader.skipNumber();
  } else reader.take(immediate.bytes);
  return {};
}
