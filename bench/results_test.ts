import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type Figures, figuresOf, rowOf } from "./results.ts";
import type { Work, Workload } from "./workload.ts";

const PRODUCT: Work = { kind: "flops", flops: 4e6 };

function workload(over: Readonly<Record<string, number>>): Workload {
  return {
    kind: "process",
    loads: "tensors",
    name: "row",
    work: PRODUCT,
    goal: { floor: 1, over },
  };
}

function took(medianMs: number): Figures {
  return figuresOf(PRODUCT, [medianMs], { repeats: 1 });
}

Deno.test.each<{ work: Work; unit: string; want: number }>([
  { work: { kind: "flops", flops: 3e9 }, unit: "GFLOP/s", want: 1.5 },
  { work: { kind: "bytes", bytes: 8e9, loop: "add" }, unit: "GB/s", want: 4 },
  { work: { kind: "time", unit: "ms", parts: 4 }, unit: "ms", want: 500 },
  { work: { kind: "time", unit: "µs", parts: 4 }, unit: "µs", want: 500_000 },
])("figuresOf() counts in $unit", ({ work, unit, want }) => {
  // Three samples of two dispatches: the median dispatch takes two seconds.
  const figures = figuresOf(work, [9000, 3000, 4000], { repeats: 2 });
  assertAlmostEquals(figures.value, want);
  assertEquals(figures.medianMs, 2000);
  assertEquals(figures.minMs, 1500);
  assertEquals(rowOf({ ...workload({}), work }, {}).unit, unit);
});

Deno.test.each([
  { over: { tfjs: 1.5 }, ours: 2, want: "met" },
  { over: { tfjs: 1.6 }, ours: 2, want: "missed" },
  { over: { tfjs: 1.5, ort: 4.1 }, ours: 2, want: "missed" },
  { over: { litert: 9 }, ours: 2, want: "unjudged" },
  { over: { tfjs: 9 }, ours: 1.1, want: "atCeiling" },
  { over: { tfjs: 9 }, ours: 1.2, want: "missed" },
])("rowOf() finds $over $want of a row that took $ours ms", (row) => {
  const figures = {
    ours: took(row.ours),
    tfjs: took(3),
    ort: took(8),
    ceiling: took(1),
  };
  const { verdict, over, ofCeiling } = rowOf(workload(row.over), figures);
  assertEquals(verdict, row.want);
  assertEquals(over, { tfjs: 3 / row.ours, ort: 8 / row.ours });
  assertEquals(ofCeiling, 1 / row.ours);
});

Deno.test.each([
  // The memory is the limit: one thread leaves a third of it idle.
  { name: "met", ours: 2.1, bytes: 1, limit: 1.5 },
  { name: "missed", ours: 2.3, bytes: 1, limit: 1.5 },
  // What is computed is.
  { name: "met", ours: 1.7, bytes: 1.4, limit: 1.9 },
  { name: "missed", ours: 1.8, bytes: undefined, limit: 1.9 },
])("rowOf() finds it $name with threads in $ours ms", (row) => {
  const { ours, bytes, limit, name } = row;
  const figures = {
    ours: took(ours),
    alone: took(3),
    jax: took(1),
    ceiling: took(2),
  };
  const { scaling, verdict, over, goal } = rowOf(
    workload({ jax: 9 }),
    figures,
    { capacities: { flops: 1.9, ...bytes !== undefined && { bytes } } },
  );
  assertAlmostEquals(scaling!.limit, limit);
  assertAlmostEquals(scaling!.speedup, 3 / ours);
  assertEquals(verdict, name);
  assertEquals([over, goal], [{ jax: 1 / ours }, undefined]);
});
