// Foreign code on the backends that run it, held against a closed form.

import { assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import type { DType } from "../core/base/mod.ts";
import { assembleWat } from "../tests/assemble_wat.ts";
import type { Backend } from "./backend.ts";
import { createBackend } from "./mod.ts";
import type { OpaqueKernel } from "./ir/mod.ts";

/** Output element i is input element i, as bytes of as many as a word of the description says. */
const COPY = new WebAssembly.Module(
  assembleWat(`(module
  (memory (export "memory") 1 8)
  (func (export "run") (param $call i32) (result i32)
    (memory.copy
      (i32.load offset=32 (local.get $call))
      (i32.load offset=12 (local.get $call))
      (i32.mul (i32.load offset=16 (local.get $call))
        (select (i32.const 4) (i32.const 1)
          (i32.lt_u (i32.load offset=20 (local.get $call)) (i32.const 2)))))
    (i32.const 0)))`),
);

function copyOf(dtype: DType): OpaqueKernel {
  return {
    kind: "opaque",
    name: "acme:copy",
    shape: [3],
    inputShapes: [[3]],
    operands: [{ dtype, strides: [1], offset: 2 }],
    settings: [],
    code: { language: "wasm", module: COPY },
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
    code: {
      language: "wasm",
      module: new WebAssembly.Module(
        assembleWat(`(module (memory (export "memory") 1 2)
          (func (export "run") (param i32) (result i32)
            (i32.const ${status})))`),
      ),
    },
  });
  assertEquals(await runOn(backend, ends(0)), [0, 0, 0]);
  const failure = await assertRejects(
    () => runOn(backend, ends(1)),
    Error,
    'Cannot run the code of acme:copy on backend "wasm": found 1 returned',
  );
  assertEquals(isCoded(failure) && failure.code, "KERNEL_TRAPPED");
});
