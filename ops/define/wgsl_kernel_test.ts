// Kernels in WGSL as parts of operators. The oracle is a closed form. What the device does with a shader
// is tested beside the backend.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { type Backend, createBackend } from "../../kernels/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { opcheck } from "../check/opcheck.ts";
import { printOpcheck } from "../check/print_report.ts";
import { compile, compileStep } from "../compile.ts";
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import { makePlan } from "../realize/plan.ts";
import { realizeOn } from "../realize_tensors.ts";
import { OperatorRegistry } from "../registry.ts";
import type { CallableOperator, OperatorDefinition } from "./definition.ts";
import {
  defineSoftsign,
  HOST_SOFTSIGN,
  softsign,
} from "./softsign_fixture_test.ts";
import { wgslKernel, type WgslKernelOptions } from "./wgsl_kernel.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

const F32: WgslKernelOptions = { inputs: ["float32"], output: "float32" };

function shaderOf(body: string): string {
  return `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn own(@builtin(global_invocation_id) at: vec3<u32>) {
  let i = at.x;
  if (i < arrayLength(&y)) { ${body} }
}`;
}

const SOFTSIGN = shaderOf("y[i] = x[i] / (1 + abs(x[i]));");

function define(
  definition: Partial<OperatorDefinition> = {},
): CallableOperator {
  return defineSoftsign({
    infer: { shape: "same", dtype: "float32" },
    kernels: {
      webgpu: wgslKernel(SOFTSIGN, F32),
      reference: HOST_SOFTSIGN,
    },
    vjp: ({ output, gradient }) => [
      gradient.mul(output.abs().neg().add(1).pow(2)),
    ],
    ...definition,
  });
}

const FORWARD: Partial<OperatorDefinition> = {
  forward: ([x]) => x!.div(x!.abs().add(1)),
};

/** Stands for `webgpu` where there is none: it takes every kernel, and runs none. */
async function nameOnly(): Promise<Backend> {
  await using plain = createBackend("reference");
  return Object.assign(Object.create(plain), {
    name: "webgpu",
    refuses: () => undefined,
  });
}

Deno.test("a shader of an operator is a step of programs for webgpu, which reads whole arrays from their start", () => {
  const op = define();
  const x = tensor([[-3, -0.5, 4], [1, 2, 8]]);
  const y = op(x.transpose().add(1)).mul(op(x.slice([[1, 2]]).add(0)).sum());
  const z = op(x.slice([[1, 2]]));
  const planFor = (backend: string) => makePlan([y.node, z.node], { backend });
  const { program, pauses } = planFor("webgpu");
  const own = program.steps.filter(({ kernel }) => kernel.kind === "opaque");
  // One of the slice is as good as the other, once it has been written to an array of its own.
  assertEquals([own.length, pauses.length], [2, 0]);
  assert(
    own.every(({ kernel }) =>
      kernel.kind === "opaque" &&
      kernel.operands.every(({ offset }) => offset === 0)
    ),
  );
  assertEquals(planFor("wasm").pauses.length, 2);
});

Deno.test(
  `a shader of an operator computes it, and its gradient, compiled or not${absence}`,
  {
    ignore,
  },
  async () => {
    const op = define();
    await using backend = await createBackend("webgpu");
    const values = [[-3, -0.5, 4], [1, 2, 8]];
    const x = tensor(values);
    const [y] = await realizeOn([op(x.transpose().add(1)).mul(2)], { backend });
    const turned = [[-3, 1], [-0.5, 2], [4, 8]].flat();
    assertClose(await y!.data(), turned.map((v) => 2 * softsign(v + 1)), {
      tolerance: 1e-6,
    });
    const state = await tensor([1, -3]).realize();
    using step = compileStep((by) => {
      const next = op(state.add(by!));
      const [slope] = gradients(next.sum(), [by!]);
      return { result: slope!, updates: new Map([[state, next]]) };
    }, { backend });
    const slopes = await step(tensor([1, 1]));
    assertClose(await slopes.data(), [1 / 9, 1 / 9], { tolerance: 1e-6 });
    await step(tensor([1, 1]));
    const after = [softsign(softsign(2) + 1), softsign(softsign(-2) + 1)];
    assertClose(await state.data(), after, { tolerance: 1e-6 });
  },
);

Deno.test(
  `opcheck() holds a shader against the reference, and finds one that is wrong${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createBackend("webgpu");
    const check = (body: string) => {
      const webgpu = wgslKernel(shaderOf(body), F32);
      const op = define({ ...FORWARD, kernels: { webgpu } });
      return opcheck(op, [{ inputs: [[2, 3]] }], {
        backends: [backend],
        cases: ["samples"],
      });
    };
    const good = await check("y[i] = x[i] / (1 + abs(x[i]));");
    assert(good.ok, printOpcheck(good));
    const report = await check("y[i] = x[i] / (1.001 + abs(x[i]));");
    assertEquals(report.ok, false);
    assert(
      /failed\s+backends/.test(printOpcheck(report)),
      printOpcheck(report),
    );
  },
);

Deno.test(
  `a shader whose loops are ended makes way for the function beside it, and that is explained${absence}`,
  {
    ignore,
  },
  async () => {
    const endless = wgslKernel(
      shaderOf(
        "while (x[i] > 10) { y[i] += 1; } y[i] = x[i] / (1 + abs(x[i]));",
      ),
      F32,
    );
    await using backend = await createBackend("webgpu");
    const alone = define({ kernels: { webgpu: endless } });
    const error = await assertRejects(
      () => realizeOn([alone(tensor([11]))], { backend }),
      TypeError,
      'Cannot compute acme:softsign by its kernel for "webgpu": it took more turns of loops than a call may',
    );
    assert(isCoded(error) && error.code === "KERNEL_FAILED");
    const op = define({ ...FORWARD, kernels: { webgpu: endless } });
    const registry = new OperatorRegistry({ backends: () => [backend] });
    registry.register(op);
    const explain = () =>
      registry.explainDispatch("acme:softsign", [tensor([1])]);
    const run = async (value: number) => {
      const [y] = await realizeOn([op(tensor([value]))], { backend });
      assertClose(await y!.data(), [softsign(value)], { tolerance: 1e-6 });
    };
    await run(3);
    assertEquals(explain().chosen, { backend: "webgpu", via: "kernel" });
    await run(11);
    assertEquals(explain().chosen, { backend: "webgpu", via: "composite" });
    assertEquals(explain().rejected[0]?.reason, "KERNEL_DISABLED");
  },
);

Deno.test(
  `a shader that the device does not take makes way in the same call${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createBackend("webgpu");
    const wrong = wgslKernel(shaderOf("y[i] = x[j];"), F32);
    const alone = define({ kernels: { webgpu: wrong } });
    using compiled = compile((x) => alone(x!), { backend });
    const error = await assertRejects(
      () => compiled(tensor([1])),
      TypeError,
      "acme:softsign",
    );
    assert(isCoded(error.cause) && error.cause.code === "WGSL_KERNEL_INVALID");
    const op = define({ ...FORWARD, kernels: { webgpu: wrong } });
    const [y] = await realizeOn([op(tensor([3]))], { backend });
    assertEquals(await y!.array(), [0.75]);
  },
);

Deno.test("a shader is explained, and passed over for inputs of other dtypes", async () => {
  const gpu = await nameOnly();
  const registry = new OperatorRegistry({ backends: () => [gpu] });
  registry.register(define());
  const { chosen, rejected } = registry.explainDispatch("acme:softsign", [
    tensor([1, 2]),
  ]);
  assertEquals(chosen, { backend: "webgpu", via: "kernel" });
  assertEquals(rejected.map(({ backend, reason }) => [backend, reason]), [
    ["wasm", "NO_KERNEL"],
  ]);
  const other = registry.explainDispatch("acme:softsign", [
    tensor(Int32Array.of(3)),
  ]);
  assertEquals(other.chosen, { backend: "reference", via: "kernel" });
  assertEquals(other.rejected[0], {
    backend: "webgpu",
    reason: "DTYPE_UNSUPPORTED",
    detail:
      "its kernel in wgsl is for float32, float32, the call for int32, float32",
  });
  // Planned for the device, the call is computed by what stands beside the shader.
  const whole = define()(tensor(Int32Array.of(3)));
  const { pauses, fallbacks } = makePlan([whole.node], { backend: "webgpu" });
  assertEquals(pauses.map(({ hostCall }) => hostCall.label), ["reference"]);
  assertEquals(fallbacks.map(({ reason }) => reason), ["DTYPE_UNSUPPORTED"]);
});

Deno.test("a shader of vectors is passed over for arrays that are none", async () => {
  const gpu = await nameOnly();
  const registry = new OperatorRegistry({ backends: () => [gpu] });
  const shader = SOFTSIGN.replaceAll("array<f32>", "array< vec4f >");
  registry.register(define({
    kernels: {
      webgpu: wgslKernel(shader, { ...F32, elementsPerInvocation: 4 }),
      reference: HOST_SOFTSIGN,
    },
  }));
  const explain = (size: number) =>
    registry.explainDispatch("acme:softsign", [tensor(new Float32Array(size))]);
  assertEquals(explain(8).chosen, { backend: "webgpu", via: "kernel" });
  const { chosen, rejected } = explain(6);
  assertEquals(chosen, { backend: "reference", via: "kernel" });
  assertEquals(rejected[0], {
    backend: "webgpu",
    reason: "SHAPE_UNSUPPORTED",
    detail:
      "its kernel in wgsl sees vectors of 16 bytes, and float32[6] is no whole number of them",
  });
});

Deno.test("a shader is no kernel for another backend", () => {
  const error = assertThrows(
    () => define({ kernels: { wasm: wgslKernel(SOFTSIGN, F32) } }),
    TypeError,
    'Found a kernel in WGSL, wanted it for "webgpu"',
  );
  assert(isCoded(error) && error.code === "OPERATOR_INVALID");
  assertThrows(
    () =>
      wgslKernel(SOFTSIGN, F32)([], {
        inputs: [],
        output: { dtype: "float32", shape: [] },
        attributes: {},
      }),
    Error,
    'found a call on the host, wanted "webgpu"',
  );
});

Deno.test.each<{ name: string; make: () => unknown; code: string }>([
  {
    name: "no text",
    make: () => wgslKernel(7 as never, F32),
    code: "WGSL_KERNEL_INVALID",
  },
  {
    name: "a shader that breaks a rule",
    make: () => wgslKernel("enable f16;", F32),
    code: "WGSL_KERNEL_INVALID",
  },
  {
    name: "no options",
    make: () => wgslKernel(SOFTSIGN, undefined as never),
    code: "INVALID_OPTION",
  },
  {
    name: "an unknown dtype",
    make: () => wgslKernel(SOFTSIGN, { ...F32, output: "float64" as never }),
    code: "INVALID_OPTION",
  },
  {
    name: "an unknown dtype of an input",
    make: () => wgslKernel(SOFTSIGN, { ...F32, inputs: ["f32" as never] }),
    code: "INVALID_OPTION",
  },
  {
    name: "too many inputs",
    make: () =>
      wgslKernel(SOFTSIGN, { ...F32, inputs: Array(7).fill("float32") }),
    code: "INVALID_OPTION",
  },
  {
    name: "half an element for each invocation",
    make: () => wgslKernel(SOFTSIGN, { ...F32, elementsPerInvocation: 0.5 }),
    code: "INVALID_OPTION",
  },
  {
    name: "a text for yes",
    make: () => wgslKernel(SOFTSIGN, { ...F32, clearsOutput: "yes" as never }),
    code: "INVALID_OPTION",
  },
])("wgslKernel() refuses $name", ({ make, code }) => {
  const error = assertThrows(make);
  assert(isCoded(error) && error.code === code, String(error));
});
