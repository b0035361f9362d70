import { assertEquals, assertStrictEquals } from "@std/assert";
import { Engine } from "./engine.ts";
import type { VectorCode } from "./lanes/vector_code.ts";
import { createLinearMemory } from "./linear_memory.ts";

Deno.test("Engine.task() compiles a function once", () => {
  const engine = new Engine(createLinearMemory(2 ** 20), {
    relaxedSimd: false,
  });
  let written = 0;
  const store = ({ f }: VectorCode) => {
    written++;
    f.store("i32.store", f.parameter(2), f.parameter(1));
  };
  const first = engine.task("store", store);
  assertStrictEquals(engine.task("store", store), first);
  assertEquals(written, 1);
  first.run(0, 7, 64, 0);
  assertEquals(engine.memory.int32[16], 7);
});

Deno.test("Engine.task() keeps functions of different names apart", () => {
  const engine = new Engine(createLinearMemory(2 ** 20), {
    relaxedSimd: false,
  });
  const storing = (value: number) => ({ f }: VectorCode) =>
    f.store("i32.store", f.parameter(2), value);
  engine.task("one", storing(1)).run(0, 1, 64, 0);
  engine.task("two", storing(2)).run(0, 1, 68, 0);
  assertEquals(engine.memory.int32.subarray(16, 18), Int32Array.of(1, 2));
});
