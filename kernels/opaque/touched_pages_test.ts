// Arrays of some pages that start anywhere, in a memory that ends with the last of them.

import { assertEquals } from "@std/assert";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { parseDirectModule } from "./direct_module.ts";
import { linkModule } from "./link_module.ts";

const GUARD = 0xa5;
const ELEMENTS = 8000;
const BYTES = 4 * ELEMENTS;
const MEMORY_BYTES = 2 * 65536;
/** Where the arrays lie; the last one ends with the memory. */
const [INPUT, OUTPUT] = [1024 + 4, MEMORY_BYTES - BYTES];

/** Runs code for a part over these arrays; whatever it does, gives what lies in memory then. */
function memoryAfter(
  code: string,
  { part, isWide, places = [INPUT, OUTPUT] }: {
    readonly part: readonly [first: number, end: number];
    readonly isWide: boolean;
    readonly places?: readonly number[];
  },
): Uint8Array {
  const bytes = assembleWat(`(module
    (import "tensors" "input0" (memory $x 0))
    (import "tensors" "output" (memory $y 0))
    (func (export "run") (param i32 i32) ${code}))`);
  const refuse = (problem: string) => new RangeError(problem);
  const addressBytes = isWide ? 8 : 4;
  const linked = linkModule(parseDirectModule(bytes, refuse), {
    memory: { pages: MEMORY_BYTES / 65536, isShared: false, addressBytes },
    tableUnitBits: 0,
    arrays: new Map([
      ["input0", { bytes: BYTES, slot: 0, skip: 0 }],
      ["output", { bytes: BYTES, slot: 1, skip: 0 }],
    ]),
    itemBytes: 4,
    budget: { steps: 1000n, elementSteps: 0n },
    refuse,
  });
  const limits = isWide
    ? { initial: 2n, maximum: 2n, address: "i64" }
    : { initial: 2, maximum: 2 };
  const memory = new WebAssembly.Memory(limits as WebAssembly.MemoryDescriptor);
  const all = new Uint8Array(memory.buffer).fill(GUARD);
  const words = new Int32Array(memory.buffer);
  words.fill(0, 0, 4);
  places.forEach((place, i) => words[i * addressBytes / 4] = place);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(linked), {
    host: { memory },
  });
  const run = exports.run as (...numbers: readonly number[]) => void;
  try {
    run(...part, 0, 0);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  }
  return all;
}

const WIDTHS = [{ isWide: false }, { isWide: true }];

Deno.test.each(WIDTHS)(
  "touchPages() writes to the starts of pages of the part, and nothing else ($isWide)",
  ({ isWide }) => {
    const part = [1000, 5100] as const;
    const [start, end] = part.map((element) => OUTPUT + 4 * element);
    const all = memoryAfter("(unreachable)", { part, isWide });
    const touched = [...all.keys()].filter((place) =>
      place >= 16 && all[place] !== GUARD
    );
    const wanted = [...all.keys()].filter((place) =>
      place >= start! && place - place % 4096 + 128 <= end! &&
      place - place % 4096 >= start! && place % 4096 < 128 && place % 64 < 4
    );
    assertEquals(touched, wanted);
    assertEquals(wanted.length, 8 * Math.floor((end! - start!) / 4096));
  },
);

Deno.test.each(WIDTHS)(
  "touchPages() keeps within arrays at the end of memory ($isWide)",
  ({ isWide }) => {
    const last = [ELEMENTS - 1, ELEMENTS] as const;
    for (const part of [last, [0, ELEMENTS]] as const) {
      for (const places of [[INPUT, OUTPUT], [OUTPUT, INPUT]]) {
        const all = memoryAfter("", { part, isWide, places });
        const [start, end] = part.map((element) => places[1]! + 4 * element);
        const touched = all.slice(16);
        touched.fill(GUARD, start! - 16, end! - 16);
        assertEquals(touched.findIndex((byte) => byte !== GUARD), -1);
        assertEquals(
          all.subarray(start, end).findIndex((byte) => byte !== 0),
          -1,
        );
      }
    }
  },
);
