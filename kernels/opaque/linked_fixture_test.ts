// Foreign code over a memory with arrays between guard bytes.

import { assertEquals } from "@std/assert";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { parseDirectModule } from "./direct_module.ts";
import { linkModule } from "./link_module.ts";

/** What lies around arrays, and in the output before a call. */
export const GUARD = 0xa5;
/** How large arrays are, and where they lie. */
export const ARRAY_BYTES = 32;
export const X = 1024;
export const Y = 2048;

/** A module with two arrays, and a memory of its own. */
export function moduleOf(run: string, more = ""): string {
  return `(module
    (import "tensors" "input0" (memory $x 0))
    (import "tensors" "output" (memory $y 0))
    (memory $own 1 2)
    ${more}
    (func (export "run") (local $i i32) (local $v v128) ${run}))`;
}

/** A module that is linked. */
export interface Linked {
  readonly bytes: Uint8Array;
  readonly exports: WebAssembly.Exports;
  run(first?: number, end?: number): void;
}

/**
 * Links a module with two arrays between guard bytes. Whatever a call does, the guards stay.
 *
 * @param module The module, with a table of parameters at address 0.
 * @param options Its budget, how wide addresses are, how large the output is.
 * @returns The memory, and how to call it.
 */
export function link(
  module: string | Uint8Array,
  {
    steps = 1000n,
    elementSteps = 0n,
    isWide = false,
    outputBytes = ARRAY_BYTES,
  }: {
    readonly steps?: bigint;
    readonly elementSteps?: bigint;
    readonly isWide?: boolean;
    readonly outputBytes?: number;
  } = {},
): Linked {
  const bytes = typeof module === "string" ? assembleWat(module) : module;
  const refuse = (problem: string) => new RangeError(problem);
  const addressBytes = isWide ? 8 : 4;
  const linked = linkModule(parseDirectModule(bytes, refuse), {
    memory: { pages: 1, isShared: false, addressBytes },
    tableUnitBits: 0,
    arrays: new Map([
      ["input0", { bytes: ARRAY_BYTES, slot: 2, skip: 0 }],
      ["output", { bytes: outputBytes, slot: 1, skip: 8 }],
    ]),
    itemBytes: 4,
    budget: { steps, elementSteps },
    refuse,
  });
  const limits = isWide
    ? { initial: 1n, maximum: 1n, address: "i64" }
    : { initial: 1, maximum: 1 };
  const memory = new WebAssembly.Memory(limits as WebAssembly.MemoryDescriptor);
  const all = new Uint8Array(memory.buffer).fill(GUARD);
  const words = new Int32Array(memory.buffer);
  words.fill(0, 0, 8);
  words[addressBytes / 4] = Y - 8;
  words[2 * addressBytes / 4] = X;
  all.subarray(X, X + ARRAY_BYTES).set(Array.from({ length: 32 }, (_, i) => i));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(linked), {
    host: { memory },
  });
  const before = all.slice();
  return {
    bytes: all,
    exports,
    run(first = 0, end = 8) {
      try {
        (exports.run as (...numbers: number[]) => void)(first, end, 0, 0);
      } finally {
        const after = all.slice();
        after.set(before.subarray(Y, Y + outputBytes), Y);
        assertEquals(after, before);
      }
    },
  };
}
