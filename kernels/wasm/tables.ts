import type { AddressBytes } from "./assembler/function_types.ts";

/**
 * The host's side of tables of numbers and addresses: each slot is as wide as an address.
 */
export class Tables {
  /** Bytes of a slot. */
  readonly slotBytes: AddressBytes;
  readonly #words: Int32Array;

  /**
   * Constructs a new instance.
   *
   * @param words The memory.
   * @param slotBytes How wide its addresses are.
   */
  constructor(words: Int32Array, slotBytes: AddressBytes) {
    this.#words = words;
    this.slotBytes = slotBytes;
  }

  /**
   * Reads an address.
   *
   * @param table Address of the table.
   * @param slot Which of its slots.
   * @returns The address.
   */
  read(table: number, slot: number): number {
    const at = (table + this.slotBytes * slot) / 4;
    const low = this.#words[at]! >>> 0;
    return this.slotBytes === 4 ? low : this.#words[at + 1]! * 2 ** 32 + low;
  }

  /**
   * Writes an address, or a 32-bit number.
   *
   * @param table Address of the table.
   * @param slot Which of its slots.
   * @param value What it is to hold.
   */
  write(table: number, slot: number, value: number): void {
    const at = (table + this.slotBytes * slot) / 4;
    // Only the low 32 bits of a number are stored in a word.
    this.#words[at] = value;
    if (this.slotBytes === 8) this.#words[at + 1] = Math.floor(value / 2 ** 32);
  }

  /**
   * Writes the first slots of a table.
   *
   * @param table Address of the table.
   * @param numbers What they are to hold.
   */
  fill(table: number, numbers: Int32Array): void {
    if (this.slotBytes === 4) return this.#words.set(numbers, table / 4);
    numbers.forEach((value, slot) => this.write(table, slot, value));
  }
}
