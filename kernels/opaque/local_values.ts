/**
 * Which values the locals of a function hold, as far as one passage through its code tells.
 *
 * What always holds: two reads of a local that give the same number find the same value there, unless
 * a loop begins its next turn in between. Where paths meet, what was written on one of them is another
 * value; where a loop begins, what is written anywhere in it.
 *
 * **Source**: Alpern, Wegman and Zadeck, "Detecting equality of variables in programs" (POPL 1988),
 * with structured control in the place of a graph.
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import type { Instruction } from "./instructions.ts";
import { OP } from "./wasm_encoding.ts";

/** Number of a value. */
export type ValueId = number;

/** A block that is open, or an arm of a choice. */
interface OpenBlock {
  /** How many are open around it. */
  readonly depth: number;
}

/** A loop that is open. */
interface OpenLoop {
  /** Where it begins and ends. */
  readonly start: number;
  readonly end: number;
  readonly block: OpenBlock;
}

/** What a local holds. */
interface Held {
  readonly value: ValueId;
  /** Since which instruction. */
  readonly since: number;
  /** Where it was found or written: what it is behind that block, is not known. */
  readonly block: OpenBlock;
}

/** Where a local is written, and how many of the places have been passed. */
interface Writes {
  readonly places: number[];
  passed: number;
}

/** Values of locals, in one passage through the instructions of a function. */
export class LocalValues {
  readonly #writes = new Map<number, Writes>();
  /** Where the block ends that an instruction opens. */
  readonly #ends = new Map<number, number>();
  readonly #held = new Map<number, Held>();
  readonly #blocks: OpenBlock[] = [{ depth: 0 }];
  readonly #loops: OpenLoop[] = [];
  #values = 0;

  /**
   * Constructs a new instance.
   *
   * @param instructions The instructions of the function.
   */
  constructor(instructions: readonly Instruction[]) {
    const open: number[] = [];
    instructions.forEach((instruction, at) => {
      const { code } = instruction;
      if (isOpening(code)) open.push(at);
      else if (code === OP.end) this.#ends.set(open.pop() ?? -1, at);
      else if (code === OP.localSet || code === OP.localTee) {
        const local = localOf(instruction);
        const writes = this.#writes.get(local);
        if (writes) writes.places.push(at);
        else this.#writes.set(local, { places: [at], passed: 0 });
      }
    });
  }

  /** Gives a value that is like no other. */
  fresh(): ValueId {
    return this.#values++;
  }

  /**
   * Passes an instruction that opens or ends a block.
   *
   * @param code Its number.
   * @param at Where it stands.
   */
  pass(code: number, at: number): void {
    if (code === OP.end || code === OP.else) {
      const block = this.#blocks.pop();
      if (this.#loops.at(-1)?.block === block) this.#loops.pop();
    }
    if (!isOpening(code) && code !== OP.else) return;
    const block = { depth: this.#blocks.length };
    this.#blocks.push(block);
    if (code === OP.loop) {
      this.#loops.push({ start: at, end: this.#ends.get(at)!, block });
    }
  }

  /**
   * Reads a local.
   *
   * @param local Its number.
   * @param at Where.
   * @returns The value.
   */
  get(local: number, at: number): ValueId {
    const held = this.#held.get(local);
    if (held && this.#isStill(held, local, at)) return held.value;
    const value = this.fresh();
    this.set(local, value, at);
    return value;
  }

  /**
   * Writes a local.
   *
   * @param local Its number.
   * @param value The value.
   * @param at Where.
   */
  set(local: number, value: ValueId, at: number): void {
    const block = this.#blocks.at(-1)!;
    this.#held.set(local, { value, since: at, block });
  }

  #isStill({ since, block }: Held, local: number, at: number): boolean {
    if (this.#blocks[block.depth] !== block) return false;
    // Loops within which it was not written yet: the outermost one reaches farthest.
    const loop = this.#loops[this.#loopsBefore(since)];
    return loop === undefined || this.#nextWrite(local, at) > loop.end;
  }

  /** How many of the open loops begin before an instruction. */
  #loopsBefore(at: number): number {
    let [low, high] = [0, this.#loops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#loops[middle]!.start < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #nextWrite(local: number, at: number): number {
    const writes = this.#writes.get(local);
    if (!writes) return Infinity;
    const { places } = writes;
    while (places[writes.passed]! <= at) writes.passed++;
    return places[writes.passed] ?? Infinity;
  }
}

/**
 * Tells which local an instruction reads or writes.
 *
 * @param instruction The instruction.
 * @returns Number of the local.
 */
export function localOf({ bytes }: Instruction): number {
  return new ByteReader(bytes, 1).unsigned();
}

function isOpening(code: number): boolean {
  return code === OP.block || code === OP.loop || code === OP.if;
}
