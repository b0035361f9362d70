/** Oracle: a loop over elements. What lies around the copies has to stay what it was. */
import { assertEquals } from "@std/assert";
import { Engine } from "../engine.ts";
import { createLinearMemory } from "../linear_memory.ts";
import { copyRunHelper } from "./copy_run.ts";

const [FROM, TO, WORDS] = [1024, 4096, 512];

Deno.test.each([
  { from: 1, to: 1 },
  { from: 2, to: 1 },
  { from: 1, to: 2 },
  { from: 3, to: 2 },
  { from: -1, to: 1 },
])("copyRunHelper() copies steps of $from to steps of $to", ({ from, to }) => {
  const memory = createLinearMemory(2 ** 20);
  const engine = new Engine(memory, { relaxedSimd: false });
  const task = engine.compile(({ f, module }) => {
    const copy = copyRunHelper(module);
    f.run(copy, 4 * FROM, 4 * TO, f.parameter(1), 4 * from, 4 * to);
  });
  for (const count of [0, 1, 3, 4, 5, 16, 17, 23, 64, 71]) {
    const words = memory.float32;
    words.forEach((_, i) => words[i] = i % 1000 + 1);
    // Between copies there are zeros before.
    const target = words.subarray(TO, TO + to * count);
    target.fill(0);
    const want = words.slice(TO - WORDS, TO + WORDS);
    for (let i = 0; i < count; i++) {
      want[WORDS + i * to] = words[FROM + i * from]!;
    }
    task.run(0, count, 0, 0);
    assertEquals(words.slice(TO - WORDS, TO + WORDS), want);
  }
});
