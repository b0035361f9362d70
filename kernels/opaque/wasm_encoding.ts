import { unsignedBytes } from "./byte_reader.ts";

/** Numbers of the instructions that are written or looked for. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Load: 0x28,
  i64Load: 0x29,
  i32Load8: 0x2d,
  i32Store: 0x36,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i32Clz: 0x67,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32Or: 0x72,
  i32Rotr: 0x78,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64And: 0x83,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendU: 0xad,
  memoryFill: 0xfc000b,
} as const;

/**
 * Writes the number of an instruction.
 *
 * @param code The number; behind a prefix, the prefix times 65,536 and its number there.
 * @returns The bytes.
 */
export function opcode(code: number): readonly number[] {
  if (code < 0x10000) return [code];
  return [code >> 16, ...unsignedBytes(code & 0xffff)];
}

/**
 * Writes a name.
 *
 * @param name The name.
 * @returns The bytes.
 */
export function text(name: string): readonly number[] {
  return sized([...new TextEncoder().encode(name)]);
}

/**
 * Writes how many bytes there are, then the bytes.
 *
 * @param bytes The bytes.
 * @returns Both.
 */
export function sized(bytes: readonly number[]): readonly number[] {
  return [...unsignedBytes(bytes.length), ...bytes];
}

/**
 * Writes how many entries there are, then the entries.
 *
 * @param entries The entries.
 * @returns Both.
 */
export function list(
  entries: readonly (readonly number[])[],
): readonly number[] {
  return [...unsignedBytes(entries.length), ...entries.flat()];
}
