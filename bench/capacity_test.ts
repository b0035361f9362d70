import { assert, assertEquals } from "@std/assert";
import type { CeilingWork } from "../runtime/cli/bench/ceiling.ts";
import { Capacity } from "./capacity.ts";
import { amountOf, sharedWork } from "./capacity_task.ts";

const FLOPS: CeilingWork = { kind: "flops", flops: 1e6 };
const BYTES: CeilingWork = { kind: "bytes", bytes: 2 ** 20, loop: "copy" };

Deno.test("Capacity compares all threads with one", async () => {
  using capacity = await Capacity.open(2);
  for (const work of [FLOPS, BYTES]) {
    // How much it is depends on what else runs.
    const found = await capacity.measure(work, { durationMs: 20 });
    assert(Number.isFinite(found) && found > 0, `${work.kind}: ${found}`);
  }
});

Deno.test("sharedWork() divides bytes, and leaves operations as they are", () => {
  assertEquals(amountOf(sharedWork(BYTES, 2)), 2 ** 19);
  assertEquals(amountOf(sharedWork(FLOPS, 2)), 1e6);
});
