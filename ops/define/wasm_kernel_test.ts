// The oracle is a closed form. The modules are assembled by hand, section by section.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { tensor } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import { wasmKernel } from "./wasm_kernel.ts";

const TYPE = [1, 0x60, 1, 0x7f, 1, 0x7f]; // (i32) -> i32
const MEMORY = [1, 0x01, 1, 64]; // from 1 to 64 pages
const EXPORTS = [2, 6, ...text("memory"), 2, 0, 3, ...text("run"), 0, 0];

/** x / (1 + |x|) for each element, plus the first setting. */
const SOFTSIGN = [
  1,
  3,
  0x7f, // locals 1 to 3: x, y, end
  ...[0x20, 0, 0x28, 2, 12, 0x21, 1], // x = array 0
  ...[0x20, 0, 0x28, 2, 32, 0x21, 2], // y = array 1
  ...[0x20, 1, 0x20, 0, 0x28, 2, 16, 0x41, 2, 0x74, 0x6a, 0x21, 3],
  ...[0x02, 0x40, 0x03, 0x40, 0x20, 1, 0x20, 3, 0x4f, 0x0d, 1],
  ...[0x20, 2, 0x20, 1, 0x2a, 2, 0], // x's element
  ...[0x43, 0, 0, 0x80, 0x3f, 0x20, 1, 0x2a, 2, 0, 0x8b, 0x92, 0x95],
  ...[0x20, 0, 0x28, 2, 4, 0x2b, 3, 0, 0xb6, 0x92], // + the setting
  ...[0x38, 2, 0, 0x20, 1, 0x41, 4, 0x6a, 0x21, 1],
  ...[0x20, 2, 0x41, 4, 0x6a, 0x21, 2, 0x0c, 0, 0x0b, 0x0b],
  ...[0x41, 0, 0x0b],
];

function text(name: string): number[] {
  return [...new TextEncoder().encode(name)];
}

function assemble({
  memory = MEMORY,
  exports = EXPORTS,
  body = SOFTSIGN,
  extra = {},
}: {
  readonly memory?: readonly number[];
  readonly exports?: readonly number[];
  readonly body?: readonly number[];
  readonly extra?: Readonly<Record<number, readonly number[]>>;
} = {}): Uint8Array {
  const sections: Record<number, readonly number[]> = {
    1: TYPE,
    3: [1, 0],
    5: memory,
    7: exports,
    10: [1, ...leb(body.length), ...body],
    ...extra,
  };
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...Object.entries(sections).flatMap(([id, content]) =>
      content.length === 0
        ? []
        : [Number(id), ...leb(content.length), ...content]
    ),
  ]);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [value % 128 + 128, ...leb(value >> 7)];
}

function define(bytes: Uint8Array) {
  return defineOperator({
    name: "acme:wasm_softsign",
    inputs: ["x"],
    attributes: { shift: { kind: "number", default: 0 } },
    infer: { shape: "same", dtype: "float32" },
    kernels: { reference: wasmKernel(bytes) },
  });
}

Deno.test("wasmKernel() computes, call after call, with settings and memory that grows", async () => {
  const op = define(assemble());
  const want = (x: number) => Math.fround(x / (1 + Math.abs(x)));
  for (const size of [0, 3, 100_000, 5]) {
    const x = Float32Array.from({ length: size }, (_, i) => i - 2);
    assertEquals(await op(tensor(x)).data(), x.map(want));
  }
  const [shifted] = op.execute([tensor([1, -3])], { shift: 10 });
  assertEquals(await shifted!.array(), [10.5, 9.25]);
});

Deno.test("wasmKernel() keeps what it has checked, whatever becomes of the bytes", async () => {
  const bytes = assemble();
  const op = define(bytes);
  bytes.fill(0);
  assertEquals(await op(tensor([1])).array(), [0.5]);
});

Deno.test("wasmKernel() reports a trap, a status and a memory that is too small", async () => {
  const rows: [number[], string][] = [
    [[0, 0x00, 0x0b], "unreachable"],
    [[0, 0x41, 3, 0x0b], "found 3 returned, wanted 0"],
    // Reads behind its memory: there is nothing there.
    [[0, 0x41, 0x7f, 0x28, 2, 0, 0x0b], "memory access out of bounds"],
  ];
  for (const [body, message] of rows) {
    const op = define(assemble({ body }));
    await assertRejects(() => op(tensor([1])).data(), TypeError, message);
  }
  const small = define(assemble({ memory: [1, 1, 1, 2] }));
  const error = await assertRejects(
    () => small(tensor(new Float32Array(40_000))).data(),
    TypeError,
    "wanted a larger maximum",
  );
  assert(isCoded(error) && error.code === "KERNEL_FAILED");
  assert(isCoded(error.cause) && error.cause.code === "KERNEL_TRAPPED");
  assertEquals(await small(tensor([1])).array(), [0.5]);
});

Deno.test("wasmKernel() starts anew after a trap", async () => {
  // Counts its calls in its own memory, and traps at the second.
  const count = [0x41, 0, 0x41, 0, 0x28, 2, 0, 0x41, 1, 0x6a, 0x36, 2, 0];
  const trap = [0x41, 0, 0x28, 2, 0, 0x41, 2, 0x46, 0x04, 0x40, 0x00, 0x0b];
  const op = define(assemble({ body: [0, ...count, ...trap, 0x41, 0, 0x0b] }));
  const run = () => op(tensor([1])).data();
  await run();
  await assertRejects(run, TypeError, "unreachable");
  await run();
  await assertRejects(run, TypeError, "unreachable");
});

Deno.test("wasmKernel() leaves nothing of one call in the output of the next", async () => {
  // Writes the first element only.
  const body = [
    0,
    0x20,
    0,
    0x28,
    2,
    32,
    0x43,
    0,
    0,
    0x80,
    0x3f,
    0x38,
    2,
    0,
    0x41,
    0,
    0x0b,
  ];
  const op = define(assemble({ body }));
  assertEquals(await op(tensor([7, 7, 7])).array(), [1, 0, 0]);
});

Deno.test.each<{ name: string; bytes: unknown; message: string }>([
  { name: "no bytes", bytes: "wasm", message: "found string" },
  {
    name: "no module",
    bytes: Uint8Array.of(1, 2, 3),
    message: "WebAssembly.Module()",
  },
  {
    name: "a module that is too long",
    bytes: new Uint8Array(2 ** 20 + 1),
    message: "wanted at most 1048576",
  },
  {
    name: "an imported function",
    bytes: assemble({
      extra: { 2: [1, 1, ...text("a"), 1, ...text("b"), 0, 0] },
      exports: [2, 6, ...text("memory"), 2, 0, 3, ...text("run"), 0, 1],
    }),
    message: 'found import "a.b"',
  },
  {
    name: "an imported memory",
    bytes: assemble({
      memory: [],
      extra: { 2: [1, 1, ...text("a"), 1, ...text("b"), 2, 1, 1, 1] },
    }),
    message: 'found import "a.b"',
  },
  {
    name: "a start function",
    bytes: assemble({
      extra: {
        1: [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 0],
        3: [2, 0, 1],
        8: [1],
        10: [2, 4, 0, 0x41, 0, 0x0b, 2, 0, 0x0b],
      },
    }),
    message: "found a start function",
  },
  {
    name: "no memory",
    bytes: assemble({
      memory: [],
      exports: [1, 3, ...text("run"), 0, 0],
      body: [0, 0x41, 0, 0x0b],
    }),
    message: "found no memory",
  },
  {
    name: "a memory without a maximum",
    bytes: assemble({ memory: [1, 0, 1] }),
    message: "found a memory of kind 0",
  },
  {
    name: "a shared memory",
    bytes: assemble({ memory: [1, 3, 1, 64] }),
    message: "found a memory of kind 3",
  },
  {
    name: "a memory that is too large",
    bytes: assemble({ memory: [1, 1, 1, 0x81, 0x80, 1] }),
    message: "up to 16385 pages",
  },
  {
    name: "no function to run",
    bytes: assemble({ exports: [1, 6, ...text("memory"), 2, 0] }),
    message: 'found nothing as "run"',
  },
  {
    name: "a memory to run",
    bytes: assemble({ exports: [1, 3, ...text("run"), 2, 0] }),
    message: 'found nothing as "memory"',
  },
])("wasmKernel() refuses $name", ({ bytes, message }) => {
  const error = assertThrows(
    () => wasmKernel(bytes as Uint8Array),
    TypeError,
    message,
  );
  assertEquals(isCoded(error) && error.code, "WASM_KERNEL_INVALID");
});

Deno.test("wasmKernel() refuses attributes that are no numbers", async () => {
  const op = defineOperator({
    name: "acme:text",
    inputs: ["x"],
    attributes: { mode: "string" },
    infer: "same",
    kernels: { reference: wasmKernel(assemble()) },
  });
  const [y] = op.execute([tensor([1])], { mode: "fast" });
  await assertRejects(() => y!.data(), TypeError, 'found attribute "mode"');
});

Deno.test("wasmKernel() gives a function that computes on the host, whatever the module's kind", async () => {
  const copy = wasmKernel(assembleWat(`(module
    (import "tensors" "input0" (memory $x 0))
    (import "tensors" "output" (memory $y 0))
    (func (export "run") (local $i i32)
      (loop $next
        (i32.store16 $y (local.get $i) (i32.load16_u $x (local.get $i)))
        (br_if $next (i32.lt_u
          (local.tee $i (i32.add (local.get $i) (i32.const 2)))
          (i32.const 4))))))`));
  // Half types are as they are stored.
  const type = { dtype: "float16", shape: [2] } as const;
  const call = { inputs: [type], output: type, attributes: {} };
  const x = [Float32Array.of(1.5, -2)];
  assertEquals(await copy(x, call), Float32Array.of(1.5, -2));
  const error = await assertRejects(
    async () => await copy(x, { ...call, output: { ...type, shape: [1] } }),
    TypeError,
    "memory access out of bounds",
  );
  assert(isCoded(error) && error.code === "WASM_KERNEL_FAILED");
});
