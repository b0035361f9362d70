import { assert } from "@std/assert";
import { measureCapacity } from "./capacity.ts";

Deno.test("measureCapacity() compares all threads with one", async () => {
  // How much it is depends on what else runs.
  const capacity = await measureCapacity(2, { durationMs: 20 });
  assert(Number.isFinite(capacity) && capacity > 0, `${capacity}`);
});
