// Foreign code on the backends that run it, held against a closed form.

import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import type { DType } from "../core/base/mod.ts";
import { assembleWat } from "../tests/assemble_wat.ts";
import type { Backend } from "./backend.ts";
import { createBackend } from "./mod.ts";
import { createReferenceBackend } from "./reference/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";
import type { OpaqueKernel, WasmCode } from "./ir/mod.ts";

function codeOf(text: string): WasmCode {
  const bytes = assembleWat(text);
  return {
    language: "wasm",
    module: new WebAssembly.Module(bytes),
    bytes,
    arrays: text.includes('"tensors"') ? "imported" : "copied",
  };
}

/** Output element i is input element i, as bytes of as many as a word of the description says. */
const COPY = codeOf(`(module
  (memory (export "memory") 1 8)
  (func (export "run") (param $call i32) (result i32)
    (memory.copy
      (i32.load offset=32 (local.get $call))
      (i32.load offset=12 (local.get $call))
      (i32.mul (i32.load offset=16 (local.get $call))
        (select (i32.const 4) (i32.const 1)
          (i32.lt_u (i32.load offset=20 (local.get $call)) (i32.const 2)))))
    (i32.const 0)))`);

function copyOf(dtype: DType): OpaqueKernel {
  return {
    kind: "opaque",
    name: "acme:copy",
    shape: [3],
    inputShapes: [[3]],
    operands: [{ dtype, strides: [1], offset: 2 }],
    settings: [],
    code: COPY,
    dtype,
  };
}

async function runOn(
  backend: Backend,
  kernel: OpaqueKernel,
): Promise<number[]> {
  const [x, y] = [5, 3].map((size) =>
    backend.allocate({ dtype: kernel.dtype, size })
  ) as [ReturnType<Backend["allocate"]>, ReturnType<Backend["allocate"]>];
  backend.write(x, Float64Array.of(0, 1, 1, 0, 1));
  using executable = await backend.compile({
    inputs: [x],
    outputs: [y],
    temporaries: [],
    steps: [{ kernel, inputs: [0], output: 1 }],
  });
  await executable.run([x], [y]);
  return [...await backend.read(y)];
}

const DTYPES: readonly DType[] = [
  "float32",
  "float16",
  "bfloat16",
  "int32",
  "int8",
  "bool",
];
const ROWS = ["wasm", "reference"].flatMap((name) =>
  DTYPES.map((dtype) => ({ name: name as "wasm" | "reference", dtype }))
);

Deno.test.each(ROWS)(
  "foreign code is given $dtype from where its operand starts ($name)",
  async ({ name, dtype }) => {
    await using backend = createBackend(name);
    assertEquals(await runOn(backend, copyOf(dtype)), [1, 0, 1]);
  },
);

Deno.test("foreign code is told apart by what it is, not by what it is called", async () => {
  await using backend = createBackend("wasm");
  const ends = (status: number): OpaqueKernel => ({
    ...copyOf("float32"),
    code: codeOf(`(module (memory (export "memory") 1 2)
      (func (export "run") (param i32) (result i32) (i32.const ${status})))`),
  });
  assertEquals(await runOn(backend, ends(0)), [0, 0, 0]);
  const failure = await assertRejects(
    () => runOn(backend, ends(1)),
    Error,
    'Cannot run the code of acme:copy on backend "wasm": found 1 returned',
  );
  assertEquals(isCoded(failure) && failure.code, "KERNEL_TRAPPED");
});

/** x / (1 + |x|) + the setting "shift" + how many elements the input has, over a part of the output. */
const SOFTSIGN = codeOf(`(module
  (import "tensors" "input0" (memory $x 0))
  (import "tensors" "output" (memory $y 0))
  (import "tensors" "call" (memory $call 0))
  (memory $own 1 1)
  (data $one "\\00\\00\\80\\3f")
  (func (export "run") (param $i i32) (param $end i32)
    (local $v f32) (local $shift f32)
    (memory.init $own $one (i32.const 8) (i32.const 0) (i32.const 4))
    (local.set $shift (f32.add
      (f32.demote_f64 (f64.load $call (i32.load $call offset=4 (i32.const 0))))
      (f32.convert_i32_s (i32.load $call offset=16 (i32.const 0)))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
      (local.set $v (f32.load $x (i32.shl (local.get $i) (i32.const 2))))
      (f32.store $y (i32.shl (local.get $i) (i32.const 2))
        (f32.add (local.get $shift) (f32.div (local.get $v)
          (f32.add (f32.load $own (i32.const 8)) (f32.abs (local.get $v))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))))`);

Deno.test.each([
  { name: "reference", create: () => createReferenceBackend() },
  { name: "one thread", create: () => createWasmBackend({ threads: 1 }) },
  { name: "three threads", create: () => createWasmBackend({ threads: 3 }) },
  {
    name: "wide addresses",
    create: () =>
      createWasmBackend({ threads: 2, memoryBytes: 2 ** 32 + 2 ** 20 }),
  },
])(
  "code that imports its arrays sees them where they are ($name)",
  async ({ create }) => {
    await using backend = create();
    const size = 50_003;
    const kernel: OpaqueKernel = {
      kind: "opaque",
      name: "acme:softsign",
      shape: [size],
      inputShapes: [[size]],
      operands: [{ dtype: "float32", strides: [1], offset: 1 }],
      settings: [["shift", 0.25]],
      code: SOFTSIGN,
      dtype: "float32",
    };
    const x = backend.allocate({ dtype: "float32", size: size + 1 });
    const y = backend.allocate({ dtype: "float32", size });
    const values = Float32Array.from(
      { length: size + 1 },
      (_, i) => i % 17 - 8,
    );
    backend.write(x, values);
    using executable = await backend.compile({
      inputs: [x],
      outputs: [y],
      temporaries: [],
      steps: [{ kernel, inputs: [0], output: 1 }],
    });
    for (let run = 0; run < 3; run++) {
      await executable.run([x], [y]);
      const got = await backend.read(y);
      values.subarray(1).forEach((v, i) => {
        assertAlmostEquals(got[i]!, v / (1 + Math.abs(v)) + 0.25 + size, 0.01);
      });
    }
  },
);

/** Traps in the second half of the output; what comes before is 1. */
const TRAPS = codeOf(`(module
  (import "tensors" "output" (memory $y 0))
  (func (export "run") (param $i i32) (param $end i32)
    (loop $next
      (if (i32.gt_u (local.get $i) (i32.const 49999)) (then unreachable))
      (f32.store $y (i32.shl (local.get $i) (i32.const 2)) (f32.const 1))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $end))))))`);

Deno.test("code that traps on any thread ends its program, and the threads go on", async () => {
  await using backend = createWasmBackend({ threads: 3 });
  const kernelOf = (size: number): OpaqueKernel => ({
    kind: "opaque",
    name: "acme:traps",
    shape: [size],
    inputShapes: [],
    operands: [],
    settings: [],
    code: TRAPS,
    dtype: "float32",
  });
  const run = async (size: number) => {
    const y = backend.allocate({ dtype: "float32", size });
    using executable = await backend.compile({
      inputs: [],
      outputs: [y],
      temporaries: [],
      steps: [{ kernel: kernelOf(size), inputs: [], output: 0 }],
    });
    await executable.run([], [y]);
    return backend.read(y);
  };
  for (let i = 0; i < 5; i++) {
    const error = await assertRejects(
      () => run(2_000_000),
      Error,
      'Cannot run the code of acme:traps on backend "wasm": unreachable',
    );
    assertEquals(isCoded(error) && error.code, "KERNEL_TRAPPED");
    assertEquals((await run(50_000)).every((value) => value === 1), true);
  }
});
