/** Backends of more memory than 31 or 32 bits reach. Nothing but what is written takes room. */
import { assertEquals, assertThrows } from "@std/assert";
import { randomKey } from "../../core/base/mod.ts";
import type { Backend } from "../backend.ts";
import { BackendError, type Kernel } from "../ir/mod.ts";
import { createWasmBackend } from "./mod.ts";
import {
  addKernel,
  F32_3,
  filled,
  TWO_TEMPORARIES,
} from "./small_programs_test.ts";

/** A product with an epilogue, a map over a temporary, and a draw. */
async function assertComputes(backend: Backend): Promise<void> {
  const size = 30;
  const operand = { dtype: "float32", strides: [6, 1], offset: 0 } as const;
  const product: Kernel = {
    kind: "contract",
    batch: [],
    rows: 5,
    columns: 6,
    depth: 6,
    operands: [operand, operand],
    epilogue: [
      { kind: "accumulator", dtype: "float32" },
      { kind: "unary", fn: "neg", x: 0, dtype: "float32" },
    ],
    dtype: "float32",
  };
  const uniform: Kernel = {
    kind: "random",
    shape: [size],
    distribution: "uniform",
    key: randomKey(1),
    operands: [],
    dtype: "float32",
  };
  const [left, right] = [30, 36].map((count) =>
    filled(backend, ...Array.from({ length: count }, (_, i) => i % 7))
  );
  const outputs = [0, 1].map(() =>
    backend.allocate({ dtype: "float32", size })
  );
  using program = await backend.compile({
    inputs: [left!, right!],
    outputs,
    temporaries: [4 * size],
    steps: [
      { kernel: product, inputs: [0, 1], output: 4 },
      { kernel: addKernel(size, 1), inputs: [4], output: 2 },
      { kernel: uniform, inputs: [], output: 3 },
    ],
  });
  await program.run([left!, right!], outputs);
  const [sums, drawn] = await Promise.all(
    outputs.map((output) => backend.read(output)),
  );
  // The first row of the left matrix is 0, 1, …, 5, the first column of the right 0, 6, 5, 4, 3, 2.
  assertEquals(sums![0], 1 - (6 + 10 + 12 + 12 + 10));
  assertEquals(new Set(drawn).size, size);
}

Deno.test("createWasmBackend() works beyond 2 GiB, where addresses no longer fit 31 bits", async () => {
  await using backend = createWasmBackend({ memoryBytes: 3 * 2 ** 30 });
  const below = backend.allocate({ dtype: "bool", size: 2 ** 31 });
  await assertComputes(backend);
  backend.free(below);
});

const WIDE_BYTES = 6 * 2 ** 30;
const WIDE_REFUSAL = await refusal();

/** Why the system grants no memory above 4 GiB, if it does not. */
async function refusal(): Promise<string | undefined> {
  try {
    await using _backend = createWasmBackend({ memoryBytes: WIDE_BYTES });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

Deno.test({
  name: `createWasmBackend() works beyond 4 GiB, where addresses have 64 bits${
    WIDE_REFUSAL === undefined ? "" : ` (left out: ${WIDE_REFUSAL})`
  }`,
  ignore: WIDE_REFUSAL !== undefined,
  fn: async () => {
    for (const threads of [1, 2]) {
      await using backend = createWasmBackend({
        memoryBytes: WIDE_BYTES,
        threads,
      });
      // Nobody writes to these: they take no room on the machine.
      const below = [0, 1, 2].map(() =>
        backend.allocate({ dtype: "bool", size: 1.5 * 2 ** 30 })
      );
      await assertComputes(backend);
      const last = filled(backend, 1, 2, 3);
      using program = await backend.compile(TWO_TEMPORARIES);
      const output = backend.allocate(F32_3);
      await program.run([last], [output]);
      assertEquals([...await backend.read(output)], [26, 36, 44]);
      for (const buffer of below) backend.free(buffer);
      await program.run([last], [output]);
      assertEquals([...await backend.read(output)], [26, 36, 44]);
    }
  },
});

Deno.test({
  name: "createWasmBackend() refuses arrays that 32-bit distances do not reach",
  ignore: WIDE_REFUSAL !== undefined,
  fn: async () => {
    await using backend = createWasmBackend({ memoryBytes: WIDE_BYTES });
    backend.free(backend.allocate({ dtype: "bool", size: 2 ** 31 - 64 }));
    const tooLarge = [
      () => backend.allocate({ dtype: "float32", size: 2 ** 29 }),
      () => backend.compile({ ...TWO_TEMPORARIES, temporaries: [12, 2 ** 31] }),
    ];
    for (const attempt of tooLarge) {
      const error = assertThrows(attempt, BackendError);
      assertEquals(error.code, "ARRAY_TOO_LARGE");
    }
    const all = backend.allocate({ dtype: "bool", size: 2 ** 31 - 64 });
    backend.free(all);
  },
});
