import { assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import type { Program } from "../backend.ts";
import { createReferenceBackend } from "./reference_backend.ts";

const F32 = { dtype: "float32", size: 2 } as const;

/** Twice the sum of x and 2^-30, which float32 does not tell from x = 1. */
const PROGRAM: Program = {
  inputs: [F32],
  outputs: [F32],
  temporaries: [8],
  steps: [["add", 2 ** -30, 0, 2], ["mul", 2, 2, 1]].map((
    [fn, value, input, output],
  ) => ({
    kernel: {
      kind: "map",
      shape: [2],
      operands: [{ dtype: "float32", strides: [1], offset: 0 }],
      body: [
        { kind: "load", operand: 0, dtype: "float32" },
        { kind: "constant", value: Number(value), dtype: "float32" },
        {
          kind: "binary",
          fn: fn === "add" ? "add" : "mul",
          left: 0,
          right: 1,
          dtype: "float32",
        },
      ],
      dtype: "float32",
    },
    inputs: [Number(input)],
    output: Number(output),
  })),
};

Deno.test.each(
  [
    { precision: "float64", want: Float64Array.of(2 + 2 ** -29, 4 + 2 ** -29) },
    { precision: "float32", want: Float32Array.of(2, 4) },
  ] as const,
)(
  "createReferenceBackend() keeps $precision between kernels",
  async ({ precision, want }) => {
    await using backend = createReferenceBackend({ precision });
    const [input, output] = [backend.allocate(F32), backend.allocate(F32)];
    backend.write(input, Float32Array.of(1, 2));
    using program = await backend.compile(PROGRAM);
    await program.run([input], [output]);
    assertEquals<unknown>(await backend.read(output), want);
    assertEquals(backend.refuses(PROGRAM.steps[0]!.kernel), undefined);
  },
);

Deno.test("createReferenceBackend() keeps float64 unless told otherwise", async () => {
  await using backend = createReferenceBackend();
  const buffer = backend.allocate(F32);
  backend.write(buffer, Float64Array.of(0.1, 0.2));
  assertEquals(await backend.read(buffer), Float64Array.of(0.1, 0.2));
});

Deno.test("createReferenceBackend() hands out copies", async () => {
  await using backend = createReferenceBackend();
  const buffer = backend.allocate({ dtype: "int32", size: 1 });
  backend.write(buffer, Int32Array.of(1));
  const before = await backend.read(buffer);
  backend.write(buffer, Int32Array.of(2));
  assertEquals(before, Int32Array.of(1));
  backend.free(buffer);
});

Deno.test("createReferenceBackend() stops at buffers that are not its own, or unfit", async () => {
  await using backend = createReferenceBackend();
  await using other = createReferenceBackend();
  using program = await backend.compile({
    inputs: [F32],
    outputs: [],
    temporaries: [],
    steps: [],
  });
  const foreign = other.allocate(F32);
  const claims: [() => unknown, string][] = [
    [() => backend.write(foreign, Float32Array.of(1, 2)), "that made it"],
    [() => program.run([foreign], []), "that made it"],
    [
      () => program.run([backend.allocate({ dtype: "int32", size: 2 })], []),
      "sizes and dtypes",
    ],
    [() => program.run([], []), "with all its buffers"],
    [
      () => backend.write(backend.allocate(F32), Float32Array.of(1)),
      "as many elements as it has",
    ],
  ];
  for (const [use, claim] of claims) {
    assertThrows(use, InvariantError, claim);
  }
});
