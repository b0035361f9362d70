import { assert, assertEquals } from "@std/assert";
import { sizeOf } from "../inputs.ts";
import { shapesOf } from "../shapes.ts";
import { operandsOf } from "../workload.ts";
import { WORKLOADS } from "./all.ts";
import { THREAD_WORKLOADS } from "./threads.ts";

const FORMULAS = WORKLOADS.filter((each) => each.kind === "formula");
const GRAPHS = WORKLOADS.filter((each) =>
  each.kind === "formula" || each.kind === "descent"
);

Deno.test("every workload has a name of its own", () => {
  const names = WORKLOADS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
});

Deno.test("every step reads values that come before it", () => {
  for (const { inputs, steps } of GRAPHS) {
    for (const [i, step] of steps.entries()) {
      const read = operandsOf(step);
      assert(read.length > 0 && read.every((x) => x < inputs.length + i));
    }
  }
});

Deno.test("a workload of one operator moves at least what it reads and writes", () => {
  for (const workload of FORMULAS) {
    const { work, steps, inputs, name } = workload;
    if (work.kind !== "bytes" || steps.length > 1) continue;
    const sizes = [
      ...inputs.map(({ shape }) => shape),
      shapesOf(workload).at(-1)!,
    ].map(sizeOf);
    const bytes = 4 * sizes.reduce((sum, size) => sum + size, 0);
    // Rows and columns that are next to nothing are not counted.
    assert(Math.abs(work.bytes / bytes - 1) < 2e-3, name);
  }
});

Deno.test("only large workloads are worth several threads", () => {
  const names = THREAD_WORKLOADS.map(({ name }) => name);
  assert(names.includes("matmul 512") && names.includes("add 1e7"));
  assert(!names.includes("matmul 64") && !names.includes("relu 1e6"));
  assert(THREAD_WORKLOADS.every(({ kind }) => kind !== "process"));
});
