import { assert, assertEquals } from "@std/assert";
import { randomKey } from "../../core/base/mod.ts";
import { shuffledIndices } from "./shuffle.ts";

// Frozen: an order is part of what a seed means.
Deno.test("shuffledIndices() gives one key the same order in every release", () => {
  assertEquals([...shuffledIndices(10, randomKey(0))], [
    7,
    1,
    0,
    3,
    6,
    8,
    4,
    9,
    2,
    5,
  ]);
  assertEquals([...shuffledIndices(10, randomKey(1))], [
    9,
    4,
    5,
    6,
    1,
    0,
    8,
    3,
    7,
    2,
  ]);
});

Deno.test.each([{ count: 0 }, { count: 1 }, { count: 1000 }])(
  "shuffledIndices() has each of $count numbers once",
  ({ count }) => {
    const sorted = shuffledIndices(count, randomKey(3)).sort();
    assertEquals(sorted, Int32Array.from({ length: count }, (_, i) => i));
  },
);

Deno.test("shuffledIndices() prefers no order of three", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = shuffledIndices(3, randomKey(seed)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  // The deviation of each count is 29 at chance; 150 is more than five of them.
  for (const count of counts.values()) assert(Math.abs(count - 1000) < 150);
});
