import type { StackType, ValueType } from "./opcodes.ts";

/** A variable of a function being built, or one of its parameters. */
export interface Local {
  /** Its number. */
  readonly index: number;
  /** What it holds. */
  readonly type: StackType;
}

/** What an instruction may take: a variable, or a number that is written into the code. */
export type Value = Local | number;

/** What a function takes and gives. */
export interface Signature {
  /** Types of its parameters. */
  readonly parameters: readonly ValueType[];
  /** Types of its results: none or one. */
  readonly results: readonly ValueType[];
}

/** A function of the module being built, or one it imports. */
export interface FunctionReference extends Signature {
  /** Its number. */
  readonly index: number;
}

/** How wide addresses are, in bytes. */
export type AddressBytes = 4 | 8;

/**
 * Tells what a type is over a memory.
 *
 * @param type The type.
 * @param addressBytes How wide the memory's addresses are.
 * @returns The type, where addresses have their width.
 */
export function resolveType(
  type: ValueType,
  addressBytes: AddressBytes,
): StackType {
  if (type !== "address" && type !== "distance") return type;
  return addressBytes === 8 ? "i64" : "i32";
}

/** A place that a branch can go to: the head of a loop, or the end of a block. */
export interface Label {
  /** How many blocks surround it, itself included. */
  readonly depth: number;
}

const TYPE_BYTES: Readonly<Record<StackType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/**
 * Tells the byte that stands for a type in a binary.
 *
 * @param type The type.
 * @returns The byte.
 */
export function byteOfType(type: StackType): number {
  return TYPE_BYTES[type];
}
