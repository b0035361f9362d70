import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvariantError } from "../core/base/mod.ts";
import type { Program } from "../kernels/mod.ts";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { type BackendCall, watchBackend } from "./watch_backend.ts";

const SPEC = { dtype: "float32", size: 2 } as const;

/** A program that copies two elements. */
const COPY: Program = {
  inputs: [SPEC],
  outputs: [SPEC],
  temporaries: [],
  steps: [{
    kernel: {
      kind: "map",
      shape: [2],
      operands: [{ dtype: "float32", strides: [1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "float32" }],
      dtype: "float32",
    },
    inputs: [0],
    output: 1,
  }],
};

Deno.test("watchBackend() does what the backend does, and counts what is in use", async () => {
  await using backend = watchBackend(createReferenceBackend());
  assertEquals(backend.name, "reference");
  const [from, to] = [backend.allocate(SPEC), backend.allocate(SPEC)];
  assertEquals(from.backend, backend);
  backend.write(from, Float32Array.of(3, 4));
  const executable = await backend.compile(COPY);
  assertEquals([backend.liveBuffers, backend.liveExecutables], [2, 1]);
  await executable.run([from], [to]);
  assertEquals(await backend.read(to), Float64Array.of(3, 4));
  backend.free(from);
  executable[Symbol.dispose]();
  assertEquals([backend.liveBuffers, backend.liveExecutables], [1, 0]);
});

Deno.test("watchBackend() stops at what is used after its end", async () => {
  await using backend = watchBackend(createReferenceBackend());
  const [from, to] = [backend.allocate(SPEC), backend.allocate(SPEC)];
  const executable = await backend.compile(COPY);
  backend.free(from);
  const freed = "an array is not used after it was freed";
  assertThrows(() => backend.free(from), InvariantError, freed);
  assertThrows(
    () => backend.write(from, Float32Array.of(1, 2)),
    InvariantError,
    freed,
  );
  await assertRejects(() => backend.read(from), InvariantError, freed);
  assertThrows(() => executable.run([from], [to]), InvariantError, freed);
  executable[Symbol.dispose]();
  assertThrows(
    () => executable.run([to], [to]),
    InvariantError,
    "a program is not run after it was disposed",
  );
});

Deno.test("watchBackend() announces each call, which may fail it", async () => {
  const calls: BackendCall[] = [];
  await using backend = watchBackend(createReferenceBackend(), {
    onCall: (call) => {
      calls.push(call);
      if (calls.length === 5) throw new RangeError("enough");
    },
  });
  const [from, to] = [backend.allocate(SPEC), backend.allocate(SPEC)];
  await (await backend.compile(COPY)).run([from], [to]);
  assertEquals(calls, ["allocate", "allocate", "compile", "run"]);
  await assertRejects(() => backend.read(to), RangeError, "enough");
  assertEquals(calls.at(-1), "read");
});

Deno.test("watchBackend() waits before it runs, where it is told to", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using backend = watchBackend(createReferenceBackend(), {
    onCall: (call) => call === "run" ? promise : undefined,
  });
  const [from, to] = [backend.allocate(SPEC), backend.allocate(SPEC)];
  backend.write(from, Float32Array.of(3, 4));
  const executable = await backend.compile(COPY);
  const run = executable.run([from], [to]);
  // Work that was started before still sees an array that is freed.
  backend.free(from);
  resolve();
  await run;
  assertEquals(await backend.read(to), Float64Array.of(3, 4));
});
