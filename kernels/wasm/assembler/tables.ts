/**
 * Tables of numbers and addresses, by which the host and functions tell each other what to do: each
 * slot is as wide as an address, whatever it holds.
 *
 * @module
 */

import type { FunctionBuilder } from "./function_builder.ts";
import type { Local, Value } from "./function_types.ts";

/**
 * Reads a 32-bit number.
 *
 * @param f Where to write.
 * @param table Address of the table.
 * @param slot Which of its slots.
 * @returns The number.
 */
export function loadNumber(
  f: FunctionBuilder,
  table: Local,
  slot: number,
): Local {
  return f.load("i32.load", table, f.addressBytes * slot);
}

/**
 * Reads an address.
 *
 * @param f Where to write.
 * @param table Address of the table.
 * @param slot Which of its slots.
 * @returns The address.
 */
export function loadAddress(
  f: FunctionBuilder,
  table: Local,
  slot: number,
): Local {
  const name = f.addressBytes === 8 ? "i64.load" : "i32.load";
  return f.load(name, table, f.addressBytes * slot);
}

/**
 * Writes a 32-bit number.
 *
 * @param f Where to write.
 * @param table Address of the table.
 * @param entry Which of its slots, and the number.
 */
export function storeNumber(
  f: FunctionBuilder,
  table: Local,
  { slot, value }: { readonly slot: number; readonly value: Value },
): void {
  f.store("i32.store", table, value, f.addressBytes * slot);
}

/**
 * Writes an address.
 *
 * @param f Where to write.
 * @param table Address of the table.
 * @param entry Which of its slots, and the address.
 */
export function storeAddress(
  f: FunctionBuilder,
  table: Local,
  { slot, value }: { readonly slot: number; readonly value: Local },
): void {
  const name = f.addressBytes === 8 ? "i64.store" : "i32.store";
  f.store(name, table, value, f.addressBytes * slot);
}

/**
 * Adds an address to a number, which is not needed any more.
 *
 * @param f Where to write.
 * @param distance The number.
 * @param address The address.
 * @returns The sum; the number's variable has another value.
 */
export function addAddress(
  f: FunctionBuilder,
  distance: Local,
  address: Local,
): Local {
  if (f.addressBytes === 8) return f.op("i32.add", distance, address);
  f.assign(distance, "i32.add", distance, address);
  return distance;
}

/**
 * Takes the low 32 bits of an address.
 *
 * @param f Where to write.
 * @param address The address.
 * @returns What {@linkcode emitNear} makes the address of again.
 */
export function emitLow(f: FunctionBuilder, address: Local): Local {
  return f.addressBytes === 8 ? f.op("i32.wrap_i64", address) : address;
}

/**
 * Finds an address by its low 32 bits.
 *
 * @param f Where to write.
 * @param low The bits.
 * @param anchor An address less than 2 GiB away.
 * @returns The address.
 */
export function emitNear(
  f: FunctionBuilder,
  low: Local,
  anchor: Local,
): Local {
  if (f.addressBytes === 4) return low;
  return f.op("i32.add", anchor, f.op("i32.sub", low, emitLow(f, anchor)));
}
