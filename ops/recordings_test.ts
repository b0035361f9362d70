import { assertEquals, assertRejects } from "@std/assert";
import { type Backend, BackendError, createBackend } from "../kernels/mod.ts";
import { outOfMemory } from "../kernels/ir/mod.ts";
import { watchBackend } from "../testing/mod.ts";
import { tensor } from "./create.ts";
import { Recordings } from "./recordings.ts";
import type { Tensor } from "./tensor.ts";

/** Plans of one more than a tensor; `traced` are the sizes that it was planned for. */
function watchedRecordings() {
  const traced: number[] = [];
  const recordings = new Recordings((x) => {
    traced.push(x!.size);
    return { result: x!.add(1), updates: new Map() };
  });
  const run = async (size: number, backend: Backend) => {
    const x = tensor(new Float32Array(size));
    const y: Tensor = await recordings.run([x], backend);
    assertEquals(y.size, size);
    for (const each of [x, y]) each.dispose();
  };
  return { recordings, run, traced };
}

Deno.test("Recordings keeps the 256 plans that were used last", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const { recordings, run, traced } = watchedRecordings();
  for (let size = 1; size <= 256; size++) await run(size, backend);
  await run(1, backend);
  await run(257, backend);
  assertEquals(backend.liveExecutables, 256);
  traced.length = 0;
  // What was used again has stayed; what was not used for the longest has gone.
  for (const size of [1, 257, 3, 2]) await run(size, backend);
  assertEquals(traced, [2]);
  recordings.clear();
  assertEquals([backend.liveExecutables, backend.liveBuffers], [0, 0]);
});

Deno.test("Recordings gives up other plans where there is no room", async () => {
  let full = Infinity;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => {
      if (call !== "compile" || backend.liveExecutables < full) return;
      throw outOfMemory("reference", {
        wantedBytes: 1,
        usedBytes: 1,
        totalBytes: 1,
      });
    },
  });
  const { recordings, run, traced } = watchedRecordings();
  for (const size of [1, 2, 3]) await run(size, backend);
  full = 2;
  await run(4, backend);
  await run(1, backend);
  await run(4, backend);
  // A plan that finds no room is prepared again once there is some, and not traced anew.
  assertEquals(traced, [1, 2, 3, 4, 1]);
  assertEquals(backend.liveExecutables, 2);
  recordings.clear();
  // Alone, and still no room.
  full = 0;
  const error = await assertRejects(() => run(1, backend), BackendError);
  assertEquals(error.code, "OUT_OF_MEMORY");
  assertEquals(backend.liveExecutables, 0);
});
