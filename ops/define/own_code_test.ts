// Kernels in WebAssembly amid what programs compute. The oracle is a closed form.

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { type Backend, createBackend } from "../../kernels/mod.ts";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { compile, compileStep } from "../compile.ts";
import { full, tensor } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import { gradients } from "../gradients.ts";
import { makePlan } from "../realize/plan.ts";
import { realizeOn } from "../realize_tensors.ts";
import { OperatorRegistry } from "../registry.ts";
import type { Tensor } from "../tensor.ts";
import type { CallableOperator, OperatorDefinition } from "./definition.ts";
import { defineSoftsign, softsign } from "./softsign_fixture_test.ts";
import { wasmKernel } from "./wasm_kernel.ts";

/** Each element divided by one more than its size, in a memory of its own; traps at -100. */
const SOFTSIGN = wasmKernel(assembleWat(`(module
  (memory (export "memory") 1 64)
  (func (export "run") (param $call i32) (result i32)
    (local $x i32) (local $y i32) (local $end i32) (local $v f32)
    (local.set $x (i32.load offset=12 (local.get $call)))
    (local.set $y (i32.load offset=32 (local.get $call)))
    (local.set $end (i32.add (local.get $x)
      (i32.shl (i32.load offset=16 (local.get $call)) (i32.const 2))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $x) (local.get $end)))
      (local.set $v (f32.load (local.get $x)))
      (if (f32.eq (local.get $v) (f32.const -100)) (then unreachable))
      (f32.store (local.get $y) (f32.div (local.get $v)
        (f32.add (f32.const 1) (f32.abs (local.get $v)))))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (local.set $y (i32.add (local.get $y) (i32.const 4)))
      (br $next)))
    (i32.const 0)))`));

function define(
  definition: Partial<OperatorDefinition> = {},
): CallableOperator {
  return defineSoftsign({
    infer: { shape: "same", dtype: "float32" },
    kernels: { wasm: SOFTSIGN, reference: SOFTSIGN },
    ...definition,
  });
}

const BACKENDS = ["wasm", "reference"].map((name) => ({
  name: name as "wasm" | "reference",
}));

async function assertValues(
  tensor: Tensor | undefined,
  want: readonly number[],
): Promise<void> {
  const got = [...await tensor!.data()];
  assertEquals(got.length, want.length);
  got.forEach((x, i) => assertAlmostEquals(x, want[i]!, 1e-6));
}

Deno.test.each(BACKENDS)(
  "code of an operator is a step of the program around it ($name)",
  async ({ name }) => {
    const op = define();
    await using backend = createBackend(name);
    const x = tensor([[-3, -0.5, 4], [1, 2, 8]]);
    // Another order of elements, a number everywhere, and half an array.
    const y = op(x.transpose().add(1)).mul(op(full([3, 2], 3)));
    const z = op(x.slice([[1, 2]]));
    const { program, pauses } = makePlan([y.node, z.node], {
      backend: name,
    });
    const own = program.steps.filter(({ kernel }) => kernel.kind === "opaque");
    assertEquals([own.length, pauses.length], [3, 0]);
    await realizeOn([y, z], { backend });
    const values = [[-3, 1], [-0.5, 2], [4, 8]].flat();
    await assertValues(y, values.map((x) => softsign(x + 1) * softsign(3)));
    await assertValues(z, [1, 2, 8].map(softsign));
  },
);

Deno.test.each(BACKENDS)(
  "code of an operator is part of compiled functions, and of its own gradient ($name)",
  async ({ name }) => {
    const slope = defineOperator({
      name: "acme:softsign_slope",
      inputs: ["y", "gradient"],
      infer: { shape: "same", dtype: "float32" },
      forward: ([y, gradient]) => gradient!.mul(y!.abs().neg().add(1).pow(2)),
    });
    const op = define({
      vjp: ({ output, gradient }) => [slope(output, gradient)],
    });
    await using backend: Backend = createBackend(name);
    using step = compile((x) => {
      const y = op(x);
      return [y, gradients(op(y).sum(), [x])[0]!];
    }, { backend });
    for (const values of [[-3, 0.5], [1, 2]]) {
      const [y, gradient] = await step(tensor(values));
      await assertValues(y, values.map(softsign));
      const d = (x: number) => (1 - Math.abs(softsign(x))) ** 2;
      await assertValues(gradient, values.map((x) => d(x) * d(softsign(x))));
    }
  },
);

Deno.test("code of an operator gives new values to what a compiled step updates", async () => {
  const op = define();
  const state = await tensor([1, -3]).realize();
  using step = compileStep((x) => ({
    result: x.add(0),
    updates: new Map([[state, op(state.add(x))]]),
  }));
  await step(tensor([1, 1]));
  await step(tensor([1, 1]));
  await assertValues(state, [
    softsign(softsign(2) + 1),
    softsign(softsign(-2) + 1),
  ]);
});

Deno.test("code that traps makes way for the function beside it, and that is explained", async () => {
  const op = define({ forward: ([x]) => x!.div(x!.abs().add(1)) });
  await using backend = createBackend("wasm");
  const registry = new OperatorRegistry({ backends: () => [backend] });
  registry.register(op);
  const explain = () => registry.explainDispatch("acme:softsign", [tensor(1)]);
  assertEquals(explain().chosen, { backend: "wasm", via: "kernel" });
  const [y] = await realizeOn([op(tensor([-100, 1]))], { backend });
  await assertValues(y, [softsign(-100), 0.5]);
  assertEquals(explain().chosen, { backend: "wasm", via: "composite" });
});

Deno.test("code that traps ends a compiled call with an error, and the next one is planned without it", async () => {
  const op = define({ forward: ([x]) => x!.div(x!.abs().add(1)) });
  await using backend = createBackend("wasm");
  using step = compile((x) => op(x), { backend });
  await assertValues(await step(tensor([1])), [0.5]);
  const error = await assertRejects(
    () => step(tensor([-100])),
    TypeError,
    'Cannot compute acme:softsign by its kernel for "wasm": unreachable',
  );
  assert(isCoded(error) && error.code === "KERNEL_FAILED");
  await assertValues(await step(tensor([-100])), [softsign(-100)]);
});

Deno.test("code that is the only way stays in use after a trap", async () => {
  const op = define({ kernels: { reference: SOFTSIGN } });
  await assertRejects(() => op(tensor([-100])).data(), TypeError, "acme:");
  await assertValues(op(tensor([3])), [0.75]);
});
