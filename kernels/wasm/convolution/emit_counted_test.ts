import { assertEquals } from "@std/assert";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Value } from "../assembler/function_types.ts";
import { Engine } from "../engine.ts";
import { createLinearMemory } from "../linear_memory.ts";
import { emitCounted, emitStretches } from "./emit_counted.ts";

/** Runs code, and gives the words that it notes. */
function notes(
  write: (f: FunctionBuilder, note: (value: Value) => void) => void,
): number[] {
  const memory = createLinearMemory(2 ** 20);
  const engine = new Engine(memory, { relaxedSimd: false });
  const task = engine.compile(({ f }) => {
    const end = f.variable("i32", 4);
    write(f, (value) => {
      f.store("i32.store", end, value);
      f.assign(end, "i32.add", end, 4);
    });
    f.store("i32.store", 0, end);
  });
  task.run(0, 1, 0, 0);
  return [...memory.int32.subarray(1, memory.int32[0]! / 4)];
}

Deno.test.each([{ count: 0 }, { count: 1 }, { count: 5 }])(
  "emitCounted() runs its body $count times",
  ({ count }) => {
    const found = notes((f, note) => emitCounted(f, count, () => note(7)));
    assertEquals(found, new Array(count).fill(7));
  },
);

Deno.test.each<{ size: number; stretch: number; want: number[] }>([
  { size: 12, stretch: 4, want: [0, 4, 8] },
  { size: 13, stretch: 4, want: [0, 4, 8, 9] },
  { size: 7, stretch: 4, want: [0, 3] },
  { size: 4, stretch: 4, want: [0] },
])(
  "emitStretches() of $stretch covers $size, and reaches no further",
  ({ size, stretch, want }) => {
    const found = notes((f, note) => emitStretches(f, { size, stretch }, note));
    assertEquals(found, want);
  },
);
