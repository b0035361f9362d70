import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvariantError, randomKey } from "../../core/base/mod.ts";
import type { Backend, Executable } from "../backend.ts";
import { BackendError, type Kernel } from "../ir/mod.ts";
import { createWasmBackend } from "./mod.ts";
import {
  addKernel,
  F32_3,
  filled,
  TWO_TEMPORARIES,
} from "./small_programs_test.ts";

const MEMORY_BYTES = 2 ** 20;

function createBackend(): Backend {
  return createWasmBackend({ memoryBytes: MEMORY_BYTES });
}

Deno.test("createWasmBackend() runs a program with temporaries, for any buffers", async () => {
  await using backend = createBackend();
  using program = await backend.compile(TWO_TEMPORARIES);
  const output = backend.allocate(F32_3);
  await program.run([filled(backend, 1, 2, 3)], [output]);
  assertEquals(await backend.read(output), Float32Array.of(26, 36, 44));
  await program.run([filled(backend, 0, 0, 0)], [output]);
  assertEquals(await backend.read(output), Float32Array.of(10, 10, 10));
});

Deno.test("createWasmBackend() writes and reads every dtype", async () => {
  await using backend = createBackend();
  const floats = backend.allocate({ dtype: "float32", size: 2 });
  const wholes = backend.allocate({ dtype: "int32", size: 3 });
  const truths = backend.allocate({ dtype: "bool", size: 5 });
  backend.write(floats, Float64Array.of(0.1, -2));
  backend.write(wholes, Int32Array.of(-5, 2 ** 31 - 1, 0));
  backend.write(truths, Uint8Array.of(1, 0, 1, 1, 0));
  assertEquals(await backend.read(floats), Float32Array.of(0.1, -2));
  assertEquals(await backend.read(wholes), Int32Array.of(-5, 2 ** 31 - 1, 0));
  assertEquals(await backend.read(truths), Uint8Array.of(1, 0, 1, 1, 0));
});

Deno.test("createWasmBackend() hands out copies", async () => {
  await using backend = createBackend();
  const buffer = filled(backend, 1, 2);
  const first = await backend.read(buffer);
  backend.write(buffer, Float32Array.of(3, 4));
  assertEquals(first, Float32Array.of(1, 2));
});

Deno.test("createWasmBackend() compiles a kernel once", async () => {
  await using backend = createBackend();
  const { Module } = WebAssembly;
  let count = 0;
  try {
    WebAssembly.Module = class extends Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        count++;
      }
    };
    using _first = await backend.compile(TWO_TEMPORARIES);
    assertEquals(count, 3);
    using _second = await backend.compile(TWO_TEMPORARIES);
    assertEquals(count, 3);
  } finally {
    WebAssembly.Module = Module;
  }
});

Deno.test("createWasmBackend() compiles a kernel once for programs that are compiled side by side", async () => {
  await using backend = createBackend();
  const { Module } = WebAssembly;
  let count = 0;
  try {
    WebAssembly.Module = class extends Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        count++;
      }
    };
    const programs = await Promise.all([
      backend.compile(TWO_TEMPORARIES),
      backend.compile(TWO_TEMPORARIES),
    ]);
    assertEquals(count, 3);
    for (const program of programs) program[Symbol.dispose]();
  } finally {
    WebAssembly.Module = Module;
  }
});

Deno.test("createWasmBackend() gives a program at once whose kernels it knows", async () => {
  await using backend = createBackend();
  const first = backend.compile(TWO_TEMPORARIES);
  assert(first instanceof Promise);
  using _first = await first;
  using second = backend.compile(TWO_TEMPORARIES) as Executable;
  const output = backend.allocate(F32_3);
  await second.run([filled(backend, 1, 2, 3)], [output]);
  assertEquals(await backend.read(output), Float32Array.of(26, 36, 44));
});

Deno.test("createWasmBackend() refuses a program that is not compiled before its end", async () => {
  const backend = createBackend();
  const program = backend.compile(TWO_TEMPORARIES);
  await backend[Symbol.asyncDispose]();
  const error = await assertRejects(async () => await program, BackendError);
  assertEquals(error.code, "BACKEND_DISPOSED");
});

Deno.test("createWasmBackend() gives memory back: buffers, temporaries and scratch", async () => {
  await using backend = createBackend();
  // Each round takes more than half of the memory.
  for (let round = 0; round < 3; round++) {
    using _program = await backend.compile({
      ...TWO_TEMPORARIES,
      temporaries: [400_000, 12],
    });
    backend.free(backend.allocate({ dtype: "bool", size: 500_000 }));
  }
  const all = { dtype: "bool", size: MEMORY_BYTES - 128 } as const;
  backend.free(backend.allocate(all));
});

Deno.test("createWasmBackend() says how much memory there is when it runs out", async () => {
  await using backend = createBackend();
  backend.allocate({ dtype: "float32", size: 1000 });
  const error = assertThrows(
    () => backend.allocate({ dtype: "float32", size: 300_000 }),
    BackendError,
    'Cannot allocate 1200000 bytes on backend "wasm": found 4032 of 1048448 bytes in use, wanted fewer tensors at a time or more memory',
  );
  assertEquals(error.code, "OUT_OF_MEMORY");
  assertEquals(error.details, {
    backend: "wasm",
    wantedBytes: 1_200_000,
    usedBytes: 4032,
    totalBytes: 1_048_448,
  });
  const program = { ...TWO_TEMPORARIES, temporaries: [2_000_000, 12] };
  await assertRejects(
    async () => await backend.compile(program),
    BackendError,
    "Cannot allocate",
  );
});

Deno.test("createWasmBackend() works up to the last byte of its memory", async () => {
  await using backend = createBackend();
  const size = (MEMORY_BYTES - 128 - 4096) / 8 & ~31;
  const input = backend.allocate({ dtype: "float32", size });
  const output = backend.allocate({ dtype: "float32", size });
  backend.write(input, new Float32Array(size).fill(1));
  using program = await backend.compile({
    inputs: [input],
    outputs: [output],
    temporaries: [],
    steps: [{ kernel: addKernel(size, 1), inputs: [0], output: 1 }],
  });
  await program.run([input], [output]);
  assertEquals(await backend.read(output), new Float32Array(size).fill(2));
});

Deno.test("createWasmBackend() stops at buffers that are not its own, freed or unfit", async () => {
  await using backend = createBackend();
  await using other = createBackend();
  using program = await backend.compile(TWO_TEMPORARIES);
  const [good, output] = [filled(backend, 1, 2, 3), backend.allocate(F32_3)];
  const foreign = filled(other, 1, 2, 3);
  const freed = filled(backend, 1, 2, 3);
  backend.free(freed);
  const claims: [() => unknown, string][] = [
    [() => program.run([foreign], [output]), "the backend that made it"],
    [() => backend.read(foreign), "the backend that made it"],
    [() => program.run([freed], [output]), "has not been freed"],
    [() => backend.free(freed), "has not been freed"],
    [() => program.run([filled(backend, 1)], [output]), "sizes and dtypes"],
    [
      () =>
        program.run([good], [backend.allocate({ dtype: "int32", size: 3 })]),
      "sizes and dtypes",
    ],
    [() => program.run([], [output]), "with all its buffers"],
    [
      () => backend.write(good, Float32Array.of(1)),
      "as many elements as it has",
    ],
  ];
  for (const [use, claim] of claims) {
    assertThrows(use, InvariantError, claim);
  }
});

Deno.test("createWasmBackend() stops a program that has been disposed", async () => {
  await using backend = createBackend();
  const [input, output] = [filled(backend, 1, 2, 3), backend.allocate(F32_3)];
  const program = await backend.compile(TWO_TEMPORARIES);
  program[Symbol.dispose]();
  program[Symbol.dispose]();
  assertThrows(
    () => program.run([input], [output]),
    InvariantError,
    "disposed",
  );
});

Deno.test("createWasmBackend() refuses every call after its end", async () => {
  const backend = createBackend();
  const [input, output] = [filled(backend, 1, 2, 3), backend.allocate(F32_3)];
  const program = await backend.compile(TWO_TEMPORARIES);
  await backend[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
  const calls: (() => unknown)[] = [
    () => backend.refuses(addKernel(3, 1)),
    () => backend.allocate(F32_3),
    () => backend.write(input, Float32Array.of(1, 2, 3)),
    () => backend.compile(TWO_TEMPORARIES),
    () => program.run([input], [output]),
  ];
  for (const call of calls) {
    const error = assertThrows(call, BackendError, 'Cannot use backend "wasm"');
    assertEquals(error.code, "BACKEND_DISPOSED");
  }
  await assertRejects(async () => await backend.read(input), BackendError);
  // What is only given back has gone with the memory.
  backend.free(input);
  program[Symbol.dispose]();
});

Deno.test("createWasmBackend() needs SIMD", () => {
  const { validate } = WebAssembly;
  try {
    WebAssembly.validate = () => false;
    const error = assertThrows(() => createBackend(), BackendError);
    assertEquals(error.code, "BACKEND_UNAVAILABLE");
  } finally {
    WebAssembly.validate = validate;
  }
});

Deno.test("createWasmBackend() does without relaxed SIMD, unless it is asked for", async () => {
  const { validate } = WebAssembly;
  let calls = 0;
  try {
    // The first question is for plain SIMD.
    WebAssembly.validate = () => calls++ % 2 === 0;
    await using backend = createBackend();
    using program = await backend.compile(TWO_TEMPORARIES);
    const output = backend.allocate(F32_3);
    await program.run([filled(backend, 1, 2, 3)], [output]);
    assertEquals(await backend.read(output), Float32Array.of(26, 36, 44));
    const error = assertThrows(
      () => createWasmBackend({ memoryBytes: MEMORY_BYTES, relaxedSimd: true }),
      BackendError,
      "no relaxed SIMD",
    );
    assertEquals(error.code, "BACKEND_UNAVAILABLE");
  } finally {
    WebAssembly.validate = validate;
  }
});

Deno.test("createWasmBackend() runs an empty program, while it lives", async () => {
  const backend = createBackend();
  using program = await backend.compile({
    inputs: [],
    outputs: [],
    temporaries: [],
    steps: [],
  });
  await program.run([], []);
  await backend[Symbol.asyncDispose]();
  assertThrows(() => program.run([], []), BackendError);
});

Deno.test("createWasmBackend() draws the same numbers every time", async () => {
  await using backend = createBackend();
  const kernel: Kernel = {
    kind: "random",
    shape: [2, 5],
    distribution: "normal",
    key: randomKey(7),
    operands: [],
    dtype: "float32",
  };
  const output = backend.allocate({ dtype: "float32", size: 10 });
  using program = await backend.compile({
    inputs: [],
    outputs: [output],
    temporaries: [],
    steps: [{ kernel, inputs: [], output: 0 }],
  });
  await program.run([], [output]);
  const first = await backend.read(output);
  backend.write(output, new Float32Array(10));
  await program.run([], [output]);
  assertEquals(await backend.read(output), first);
  assertEquals(new Set(first).size, 10);
});
