// What the test tasks preload: no backend compiles a program that is not well formed.

import { assert, assertThrows } from "@std/assert";
import { InvariantError } from "../core/base/mod.ts";
import type { Backend, Program } from "../kernels/mod.ts";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { createWasmBackend } from "../kernels/wasm/mod.ts";
import { readManifest } from "../tools/project_files.ts";
import "../tools/verify_programs.ts";

/** A program whose kernel reads an element more than its operand has. */
const UNFIT: Program = {
  inputs: [{ dtype: "float32", size: 2 }],
  outputs: [{ dtype: "float32", size: 3 }],
  temporaries: [],
  steps: [{
    kernel: {
      kind: "map",
      shape: [3],
      operands: [{ dtype: "float32", strides: [1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "float32" }],
      dtype: "float32",
    },
    inputs: [0],
    output: 1,
  }],
};

Deno.test.each<{ name: string; create: () => Backend }>([
  { name: "reference", create: () => createReferenceBackend() },
  { name: "wasm", create: () => createWasmBackend({ memoryBytes: 2 ** 20 }) },
])("tests verify every program on $name", async ({ create }) => {
  await using backend = create();
  assertThrows(() => backend.compile(UNFIT), InvariantError);
});

Deno.test("every test task preloads what verifies programs", async () => {
  const { tasks } = await readManifest();
  const preload = "--preload=tools/verify_programs.ts";
  for (const name of ["test:unit", "test:process"]) {
    assert(tasks[name]!.command.includes(preload), name);
  }
});
