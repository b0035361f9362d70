// Operators that bring kernels of their own: functions of elements on the host.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { type Backend, createBackend } from "../../kernels/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import { gradients } from "../gradients.ts";
import { placeholder, UNKNOWN_TYPE } from "../graph/node.ts";
import { realizeOn } from "../realize_tensors.ts";
import { OperatorRegistry } from "../registry.ts";
import { Tensor } from "../tensor.ts";
import { encodeTrace } from "../trace/encode_trace.ts";
import type { OperatorDefinition } from "./definition.ts";
import { OperatorBuilder } from "./operator_builder.ts";
import {
  defineSoftsign,
  HOST_SOFTSIGN,
  softsign,
} from "./softsign_fixture_test.ts";

const X = [-3, -0.5, 0, 1, 4];
const WANT = [-0.75, -1 / 3, 0, 0.5, 0.8].map(Math.fround);

Deno.test("a kernel computes its operator on every backend, amid what programs compute", async () => {
  const op = defineSoftsign();
  for (const name of ["wasm", "reference"] as const) {
    await using backend = createBackend(name);
    const x = tensor(X);
    const y = op(op(x.mul(2)).add(1)).sum();
    const [got] = await realizeOn([y], { backend });
    const want = X.reduce((sum, x) => sum + softsign(softsign(2 * x) + 1), 0);
    assert(Math.abs(await got!.item() - want) < 1e-6);
  }
});

Deno.test("a kernel is given elements, types and settings, and runs once for calls that are the same", async () => {
  const calls: unknown[] = [];
  const op = defineOperator({
    name: "acme:scaled",
    inputs: ["x", "y"],
    attributes: { by: { kind: "number", default: 3 } },
    infer: { shape: "broadcast", dtype: "int32" },
    kernels: {
      reference([x, y], { inputs, output, attributes }) {
        calls.push([[...x!], [...y!], inputs, output, attributes]);
        return Float64Array.from(x!, (x) => x * Number(attributes.by) + y![0]!);
      },
    },
  });
  const x = tensor(Int32Array.of(1, 2));
  const [a, b] = [op(x, 7), op(x, 7)];
  assertEquals(await a.add(b).array(), [20, 26]);
  const int32 = (shape: number[]) => ({ dtype: "int32", shape });
  assertEquals(calls, [[[1, 2], [7], [int32([2]), int32([])], int32([2]), {
    by: 3,
  }]]);
});

Deno.test("a kernel may be asynchronous, and its operator may have a gradient", async () => {
  const op = defineSoftsign({
    kernels: { reference: async (...call) => await HOST_SOFTSIGN(...call) },
    vjp: ({ inputs: [x], gradient }) => {
      const t = x!.abs().add(1);
      return [gradient.div(t.mul(t))];
    },
  });
  const x = tensor([-2, 0.5]);
  const [slope] = gradients(op(x).sum(), [x]);
  assertEquals(await slope!.array(), [1 / 9, 4 / 9].map(Math.fround));
  const bare = assertThrows(() => gradients(defineSoftsign()(x).sum(), [x]));
  assert(isCoded(bare) && bare.code === "NOT_DIFFERENTIABLE");
});

Deno.test("a kernel stands beside a forward function: its own backend uses it, others and gradients the function", async () => {
  const used: string[] = [];
  const op = defineSoftsign({
    kernels: { wasm: (...call) => (used.push("wasm"), HOST_SOFTSIGN(...call)) },
    forward: ([x]) => x!.div(x!.abs().add(1)),
  });
  for (const name of ["wasm", "reference"] as const) {
    await using backend = createBackend(name);
    const [y] = await realizeOn([op(tensor(X))], { backend });
    assertEquals(Array.from(await y!.data(), Math.fround), WANT);
  }
  assertEquals(used, ["wasm"]);
  await assertGradients((x) => op(x!), [tensor([-2, 0.5])]);
  // A compiled function does not pause where it need not: it is made of what the function describes.
  using compiled = compile((x) => op(x));
  assertEquals(await (await compiled(tensor(X))).array(), WANT);
  assertEquals(used, ["wasm"]);
});

Deno.test("kernel throwing falls back and is explained", async () => {
  let runs = 0;
  const op = defineSoftsign({
    kernels: {
      wasm() {
        runs++;
        throw new Error("out of luck");
      },
    },
    forward: ([x]) => x!.div(x!.abs().add(1)),
  });
  await using backend = createBackend("wasm");
  const registry = new OperatorRegistry({ backends: () => [backend] });
  registry.register(op);
  const explain = () => registry.explainDispatch("acme:softsign", [tensor(X)]);
  assertEquals(explain().chosen, { backend: "wasm", via: "kernel" });
  for (let i = 0; i < 2; i++) {
    const [y] = await realizeOn([op(tensor(X))], { backend });
    assertEquals(await y!.array(), WANT);
  }
  assertEquals(runs, 1);
  assertEquals(explain().chosen, { backend: "wasm", via: "composite" });
});

Deno.test("a kernel that fails makes way for the plain one, and that one reports its failure", async () => {
  const op = defineSoftsign({
    kernels: {
      wasm() {
        throw new Error("out of luck");
      },
      reference: HOST_SOFTSIGN,
    },
  });
  await using backend = createBackend("wasm");
  const registry = new OperatorRegistry({ backends: () => [backend] });
  registry.register(op);
  const [y] = await realizeOn([op(tensor(X))], { backend });
  assertEquals(await y!.array(), WANT);
  assertEquals(registry.explainDispatch("acme:softsign", [tensor(X)]), {
    operator: "acme:softsign",
    version: "1.0.0",
    chosen: { backend: "reference", via: "kernel" },
    alternatives: [],
    rejected: [
      { backend: "wasm", reason: "KERNEL_DISABLED", detail: "out of luck" },
      {
        backend: "webgpu",
        reason: "NO_KERNEL",
        detail: "it has kernels for wasm, reference only",
      },
    ],
  });
  let isBroken = true;
  const moody = defineSoftsign({
    kernels: {
      reference(...call) {
        if (isBroken) throw new TypeError("not today");
        return HOST_SOFTSIGN(...call);
      },
    },
  });
  const error = await assertRejects(
    () => moody(tensor(X)).data(),
    TypeError,
    'Cannot compute acme:softsign by its kernel for "reference": not today',
  );
  assert(isCoded(error) && error.code === "KERNEL_FAILED");
  // The only kernel stays in use.
  isBroken = false;
  assertEquals(await moody(tensor(X)).array(), WANT);
});

Deno.test.each<{ name: string; result: unknown; found: string }>([
  {
    name: "too few elements",
    result: new Float32Array(4),
    found: "4 elements",
  },
  {
    name: "too many elements",
    result: new Float32Array(6),
    found: "6 elements",
  },
  { name: "no elements", result: undefined, found: "undefined" },
  { name: "a list", result: [1, 2, 3, 4, 5], found: "object" },
])("kernel that lies about its shape: $name", async ({ result, found }) => {
  const op = defineSoftsign({
    kernels: { reference: () => result as Float32Array },
  });
  const error = await assertRejects(
    () => op(tensor(X)).data(),
    TypeError,
    `Cannot use what the kernel of acme:softsign for "reference" gave: found ${found}, wanted 5 elements for float32[5]`,
  );
  assert(isCoded(error) && error.code === "OPERATOR_INFER_MISMATCH");
});

Deno.test("a kernel alone is refused where there is no host to run it", async () => {
  const op = defineSoftsign();
  const x = placeholder("x", UNKNOWN_TYPE);
  const ends = {
    inputs: [["x", x]] as const,
    outputs: [op(new Tensor(x)).node],
  };
  const recorded = assertThrows(() => encodeTrace(ends));
  assert(isCoded(recorded) && recorded.code === "KERNEL_NOT_RECORDED");
  assertEquals(encodeTrace(ends, { isKnown: () => true }).values.length, 2);
  await using backend: Backend = createBackend("reference");
  const elsewhere = defineSoftsign({ kernels: { wasm: HOST_SOFTSIGN } });
  const missing = await assertRejects(
    () => realizeOn([elsewhere(tensor(X))], { backend }),
    TypeError,
    "it has kernels for wasm only",
  );
  assert(isCoded(missing) && missing.code === "KERNEL_FAILED");
});

Deno.test.each<
  { name: string; definition: Partial<OperatorDefinition>; paths: string[] }
>([
  { name: "no kernels", definition: { kernels: {} }, paths: ["kernels"] },
  {
    name: "a backend that there is not",
    definition: { kernels: { cuda: HOST_SOFTSIGN } },
    paths: ["kernels.cuda"],
  },
  {
    name: "a kernel that is no function",
    definition: { kernels: { wasm: 7 as never } },
    paths: ["kernels.wasm"],
  },
  {
    name: "kernels and nothing that infers",
    definition: { infer: undefined as never },
    paths: ["infer"],
  },
  {
    name: "several outputs",
    definition: { outputs: ["a", "b"], infer: "n -> n, n" },
    paths: ["kernels"],
  },
  {
    name: "a gradient promised and not given",
    definition: { isDifferentiable: true },
    paths: ["vjp"],
  },
])("defineOperator() rejects $name", ({ definition, paths }) => {
  const error = assertThrows(() => defineSoftsign(definition));
  assert(isCoded(error) && error.code === "OPERATOR_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  assertEquals(issues.map(({ path }) => path), paths);
});

Deno.test("OperatorBuilder.withBackend() takes a kernel", async () => {
  const op = new OperatorBuilder("acme:softsign", 1, 1)
    .withBackend("reference", HOST_SOFTSIGN).withShapes("same").build();
  assertEquals(await op(tensor(X)).array(), WANT);
  assertEquals(op.backends, ["reference"]);
});
