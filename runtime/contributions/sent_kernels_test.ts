// Modules that cross a border to be run by the host. The oracle is a closed form.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isCoded, isPlainObject, type Json } from "../../core/base/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import {
  compile,
  defineOperator,
  makePlan,
  OperatorRegistry,
  realizeOn,
  tensor,
  wasmKernel,
  wgslKernel,
} from "../../ops/mod.ts";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { encodeOperator } from "../guest/encode_operator.ts";
import { decodeOperator } from "./decode_operator.ts";
import { sentKernels } from "./sent_kernels.ts";
import { makeBorder, NO_REMOTE } from "./toy_remote_test.ts";

/** Stores 7 everywhere. */
const SEVENS = assembleWat(`(module
  (import "tensors" "output" (memory 0))
  (func (export "run") (param $i i32) (param $end i32)
    (loop $next
      (f32.store (i32.shl (local.get $i) (i32.const 2)) (f32.const 7))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $end))))))`);
const OWN_MEMORY = assembleWat(`(module
  (memory (export "memory") 1 2)
  (func (export "run") (param i32) (result i32) (i32.const 0)))`);

Deno.test("sentKernels() has the host run a module that imports its arrays, until its plugin goes", async () => {
  const unloading = new AbortController();
  const border = makeBorder();
  const { data, bytes } = encodeOperator(
    defineOperator({
      name: "t:sevens",
      inputs: ["x"],
      infer: "same",
      kernels: {
        wasm: wasmKernel(SEVENS),
        reference: wasmKernel(SEVENS),
        webgpu: ([x]) => x!.slice().fill(7),
      },
      vjp: ({ gradient }) => [gradient.mul(0)],
    }),
    border,
  );
  const sevens = decodeOperator(JSON.parse(JSON.stringify(data)) as Json, {
    operators: new OperatorRegistry(),
    // Nothing is called in the sandbox.
    remote: { ...NO_REMOTE, signal: unloading.signal },
    ...bytes ? { bytes } : {},
  });
  assertEquals([...sevens.backends ?? []].sort(), [
    "reference",
    "wasm",
    "webgpu",
  ]);
  const x = tensor([1, 2, 3]);
  const { pauses, program } = makePlan([sevens(x).node], {
    backend: "wasm",
  });
  assertEquals([pauses.length, program.steps.length], [0, 1]);
  using step = compile((x) => sevens(x).add(x));
  assertEquals(await (await step(x)).array(), [8, 9, 10]);
  unloading.abort(new Error("gone"));
  const error = await assertRejects(() => step(x));
  assert(isCoded(error) && error.code === "KERNEL_REVOKED");
  const late = await assertRejects(() => sevens(x).data());
  assert(isCoded(late) && late.code === "KERNEL_REVOKED");
});

Deno.test("sentKernels() makes kernels of a plugin that is gone already, which do nothing", async () => {
  const signal = AbortSignal.abort(new Error("gone"));
  const { wasm } = sentKernels("t:f", {
    sizes: { wasm: SEVENS.length },
    bytes: SEVENS,
    remote: { ...NO_REMOTE, signal },
  });
  const type = { dtype: "float32", shape: [1] } as const;
  const error = await assertRejects(async () =>
    await wasm!([], { inputs: [], output: type, attributes: {} })
  );
  assertEquals(isCoded(error) && error.code, "KERNEL_REVOKED");
});

Deno.test.each([
  {
    name: "fewer bytes than it says",
    bytes: SEVENS,
    size: SEVENS.length + 1,
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "a module with a memory of its own, which nothing ends",
    bytes: OWN_MEMORY,
    size: OWN_MEMORY.length,
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "bytes that are no module",
    bytes: new Uint8Array(8),
    size: 8,
    code: "WASM_KERNEL_INVALID",
  },
])("sentKernels() refuses $name", ({ bytes, size, code }) => {
  const error = assertThrows(() =>
    sentKernels("t:f", { sizes: { wasm: size }, bytes, remote: NO_REMOTE })
  );
  assertEquals(isCoded(error) && error.code, code);
});

Deno.test("exposeKernels() keeps a module with a memory of its own in the sandbox", () => {
  const border = makeBorder();
  const { data, bytes } = encodeOperator(
    defineOperator({
      name: "t:own",
      inputs: ["x"],
      infer: "same",
      kernels: { reference: wasmKernel(OWN_MEMORY) },
      isDifferentiable: false,
    }),
    border,
  );
  assert(isPlainObject(data));
  assertEquals([data.kernels, data.modules, bytes?.length], [
    { reference: 0 },
    undefined,
    0,
  ]);
});

const SHADER = `
  @group(0) @binding(0) var<storage, read> x: array<i32>;
  @group(0) @binding(1) var<storage, read_write> y: array<f32>;
  @compute @workgroup_size(64)
  fn own(@builtin(global_invocation_id) at: vec3<u32>) {
    if (at.x < arrayLength(&y)) { y[at.x] = f32(x[at.x]) + 7; }
  }`;

/** An operator that adds 7 on a device, on the host's side of a border. */
function decodeSevenMore(signal: AbortSignal) {
  const { data, bytes } = encodeOperator(
    defineOperator({
      name: "t:seven_more",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: {
        webgpu: wgslKernel(SHADER, {
          inputs: ["int32"],
          output: "float32",
          elementsPerInvocation: "row",
        }),
      },
      isDifferentiable: false,
    }),
    makeBorder(),
  );
  return decodeOperator(JSON.parse(JSON.stringify(data)) as Json, {
    operators: new OperatorRegistry(),
    remote: { ...NO_REMOTE, signal },
    ...bytes ? { bytes } : {},
  });
}

Deno.test("sentKernels() takes a shader with what it declares", () => {
  const op = decodeSevenMore(new AbortController().signal);
  const { program } = makePlan([op(tensor(Int32Array.of(1))).node], {
    backend: "webgpu",
  });
  const [kernel] = program.steps.map(({ kernel }) => kernel);
  assert(kernel?.kind === "opaque" && kernel.code.language === "wgsl");
  const { language, signal, ...rest } = kernel.code;
  assertEquals([language, signal?.aborted, rest], ["wgsl", false, {
    text: SHADER,
    inputs: ["int32"],
    isVectors: [false, false],
    output: "float32",
    elementsPerInvocation: "row",
    // What others left in memory is not for it to see.
    clearsOutput: true,
  }]);
});

Deno.test("sentKernels() refuses a shader that breaks a rule", () => {
  const error = assertThrows(() =>
    sentKernels("t:f", {
      sizes: {},
      shaders: {
        webgpu: {
          text: "enable f16;",
          inputs: ["float32"],
          output: "float32",
          elementsPerInvocation: 1,
        },
      },
      bytes: new Uint8Array(),
      remote: NO_REMOTE,
    })
  );
  assertEquals(isCoded(error) && error.code, "WGSL_KERNEL_INVALID");
});

const adapter = await navigator.gpu?.requestAdapter();

Deno.test(
  `sentKernels() has the device run a shader, until its plugin goes${
    adapter ? "" : " (skipped: no adapter here)"
  }`,
  { ignore: !adapter },
  async () => {
    const unloading = new AbortController();
    const op = decodeSevenMore(unloading.signal);
    await using backend = await createBackend("webgpu");
    const x = tensor(Int32Array.of(1, -2));
    using step = compile((x) => op(x!).mul(2), { backend });
    assertEquals(await (await step(x)).array(), [16, 10]);
    unloading.abort(new Error("gone"));
    const runs = [() => step(x), () => realizeOn([op(x)], { backend })];
    for (const run of runs) {
      const error = await assertRejects(run);
      assert(isCoded(error) && error.code === "KERNEL_REVOKED", String(error));
    }
  },
);
