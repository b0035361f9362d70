// Operators of a plugin in a process of its own, beside the built-in ones that compute the same.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type BackendName,
  compile,
  compileStep,
  createEcosystem,
  type Ecosystem,
  gradients,
  isCoded,
  printSchedule,
  type Tensor,
  tensor,
} from "@spiraltorch/spiraltorch";
import { assertClose } from "@spiraltorch/spiraltorch/testing";

const X = tensor([[-3, -0.5, 0.25], [1, 2, 4]]);
/** Whole vectors, as one of the shaders wants them. */
const WHOLE = tensor([[-3, -0.5], [1, 2]]);

async function load(backend: BackendName = "wasm"): Promise<Ecosystem> {
  const ecosystem = await createEcosystem({
    backend,
    baseUrl: new URL("../examples/plugins/", import.meta.url),
  });
  await ecosystem.loader.load("./operators.ts");
  return ecosystem;
}

const ROWS: readonly {
  readonly name: string;
  readonly attributes?: { readonly slope: number };
  readonly builtin: (x: Tensor) => Tensor;
}[] = [
  { name: "operators:softsign", builtin: (x) => x.div(x.abs().add(1)) },
  { name: "operators:soft_sign", builtin: (x) => x.div(x.abs().add(1)) },
  { name: "operators:remote_softsign", builtin: (x) => x.div(x.abs().add(1)) },
  { name: "operators:wasm_softsign", builtin: (x) => x.div(x.abs().add(1)) },
  { name: "operators:linked_softsign", builtin: (x) => x.div(x.abs().add(1)) },
  { name: "operators:shader_softsign", builtin: (x) => x.div(x.abs().add(1)) },
  { name: "operators:gelu", builtin: (x) => x.gelu() },
  { name: "operators:leaky", builtin: (x) => x.maximum(x.mul(0.01)) },
  {
    name: "operators:leaky",
    attributes: { slope: 0.5 },
    builtin: (x) => x.maximum(x.mul(0.5)),
  },
];

Deno.test("operators of a sandbox have the values and gradients of built-in ones", async () => {
  await using ecosystem = await load();
  for (const { name, attributes, builtin } of ROWS) {
    const x = X.mul(1);
    const [y] = ecosystem.operators.execute(name, [x], attributes);
    assertClose(await y!.data(), await builtin(x).data(), { tolerance: 1e-6 });
    const [got] = gradients(y!.mul(y!).sum(), [x]);
    const [want] = gradients(builtin(x).pow(2).sum(), [x]);
    assertClose(await got!.data(), await want!.data(), { tolerance: 1e-5 });
  }
});

Deno.test("a compiled training step pauses for an operator that stays in the sandbox", async () => {
  await using ecosystem = await load();
  const remote = (x: Tensor) =>
    ecosystem.operators.execute("operators:remote_softsign", [x])[0]!;
  const builtin = (x: Tensor) => x.div(x.abs().add(1));
  const [first, second] = await Promise.all(
    [remote, builtin].map(async (softsign) => {
      const w = await tensor([[0.5, -1, 2], [1, 0.25, -2]]).realize();
      using step = compileStep((x) => {
        const loss = softsign(softsign(x!.mul(w)).mul(w)).pow(2).mean();
        const [slope] = gradients(loss, [w]);
        return { result: loss, updates: new Map([[w, w.sub(slope!)]]) };
      });
      const losses: number[] = [];
      for (let i = 0; i < 3; i++) losses.push(await (await step(X)).item());
      return [...losses, ...await w.data()];
    }),
  );
  assertClose(first!, second!, { tolerance: 1e-5 });
});

Deno.test("operators of a sandbox are computed by the kernels of built-in ones, no more and no others", async () => {
  await using ecosystem = await load();
  for (const { name, attributes, builtin } of ROWS) {
    // What has a kernel of its own is computed by that.
    if (/_softsign$/.test(name)) continue;
    const [y] = ecosystem.operators.execute(name, [X], attributes);
    assertEquals(printSchedule([y!]), printSchedule([builtin(X)]));
    const [got] = gradients(y!.sum(), [X]);
    const [want] = gradients(builtin(X).sum(), [X]);
    assertEquals(printSchedule([got!]), printSchedule([want!]));
  }
});

Deno.test("wrong calls of a sandbox's operators name operator, argument, found and wanted", async () => {
  await using ecosystem = await load();
  const { operators } = ecosystem;
  const rows: [string, RegExp, () => unknown][] = [
    [
      "OPERATOR_ARITY",
      /operators:softsign to 2 inputs: it takes 1 \(x\)/,
      () => operators.execute("operators:softsign", [X, X]),
    ],
    [
      "DTYPE_MISMATCH",
      /operators:softsign to x bool\[1\]: .*"bool"/,
      () => operators.execute("operators:softsign", [tensor([true])]),
    ],
    [
      "ATTRIBUTE_INVALID",
      /operators:leaky .*"slope": found "1", wanted a finite/,
      () => operators.execute("operators:leaky", [X], { slope: "1" }),
    ],
    [
      "ATTRIBUTE_INVALID",
      /operators:leaky .*"slope": found NaN/,
      () => operators.execute("operators:leaky", [X], { slope: NaN }),
    ],
    [
      "OPERATOR_NOT_FOUND",
      /did you mean "operators:gelu"/,
      () => operators.execute("operators:gleu", [X]),
    ],
    [
      "BACKEND_UNKNOWN",
      /"cuda"/,
      () => operators.explainDispatch("operators:gelu", [X], "cuda"),
    ],
    [
      "OPERATOR_OWNED",
      /plugin "example\.operators"/,
      () => operators.unregister("operators:gelu"),
    ],
  ];
  for (const [code, message, call] of rows) {
    const error = assertThrows(call);
    assert(isCoded(error), String(error));
    assertEquals(
      [error.code, message.test(error.message)],
      [code, true],
      error.message,
    );
  }
});

Deno.test("plugin unload during a compiled loop: what is data goes on, a kernel is revoked", async () => {
  await using ecosystem = await load();
  const { operators, plugins } = ecosystem;
  using step = compile((x) => operators.execute("operators:gelu", [x])[0]!);
  const want = await (await step(X)).data();
  const [later] = operators.execute("operators:softsign", [X]);
  const [remote] = operators.execute("operators:remote_softsign", [X]);
  using linked = compile((x) =>
    operators.execute("operators:linked_softsign", [x.mul(2)])[0]!.add(1)
  );
  using paused = compile((x) =>
    operators.execute("operators:remote_softsign", [x.mul(2)])[0]!.add(1)
  );
  const softsigns = X.mul(2).div(X.mul(2).abs().add(1)).add(1);
  assertClose(await (await linked(X)).data(), await softsigns.data());
  assertClose(await (await paused(X)).data(), await softsigns.data());
  await plugins.unregister("example.operators");
  assertEquals(operators.has("operators:gelu"), false);
  assertEquals(operators.has("operators:soft_sign"), false);
  for (let i = 0; i < 3; i++) assertEquals(await (await step(X)).data(), want);
  assertEquals((await later!.data()).length, 6);
  const error = await assertRejects(() => remote!.data());
  assert(isCoded(error), String(error));
  assertEquals(error.code, "KERNEL_REVOKED");
  // Each call says why it does not run, and the next one has its turn.
  for (const compiled of [linked, paused, paused]) {
    const revoked = await assertRejects(() => compiled(X));
    assert(isCoded(revoked), String(revoked));
    assertEquals(revoked.code, "KERNEL_REVOKED");
  }
});

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

Deno.test(
  `a shader of a sandbox runs on the host's device, until the plugin is unloaded${absence}`,
  {
    ignore,
  },
  async () => {
    await using ecosystem = await load("webgpu");
    const { operators, plugins } = ecosystem;
    const name = "operators:shader_softsign";
    assertEquals(operators.explainDispatch(name, [WHOLE]).chosen, {
      backend: "webgpu",
      via: "kernel",
    });
    using step = compile((x) => {
      const [y] = operators.execute(name, [x!.mul(2)]);
      return [y!, ...gradients(y!.sum(), [x!])];
    });
    const builtin = (x: Tensor) => x.div(x.abs().add(1));
    const x = WHOLE.mul(1);
    const y = builtin(x.mul(2));
    const want = [y, ...gradients(y.sum(), [x])];
    const got = await step(x);
    for (const [i, tensor] of got.entries()) {
      assertClose(await tensor.data(), await want[i]!.data(), {
        tolerance: 1e-6,
      });
    }
    await plugins.unregister("example.operators");
    const revoked = await assertRejects(() => step(WHOLE));
    assert(isCoded(revoked) && revoked.code === "KERNEL_REVOKED");
  },
);

/** What plugins try with shaders; each computes something wrong, or nothing. */
const ATTACKS = {
  "an endless loop": "loop { if (x[0] < -1e30) { break; } }",
  "an endless loop in a function of one in an endless loop":
    "while (true) { y[0] += spin(); }",
  "indices outside of its arrays":
    "for (var j = 1u; j < 50u; j++) { y[i + j * 1000003u] = 7; y[u32(i32(i) - 9999 * i32(j))] = 7; }",
};

Deno.test(
  `shaders of a sandbox neither hang the host nor touch what others compute${absence}`,
  {
    ignore,
  },
  async () => {
    const registrations = Object.values(ATTACKS).map((body, i) =>
      `operators.register(defineOperator({
      name: "attack:a${i}", inputs: ["x"], infer: "same", isDifferentiable: false,
      kernels: { webgpu: wgslKernel(\`
        @group(0) @binding(0) var<storage, read> x: array<f32>;
        @group(0) @binding(1) var<storage, read_write> y: array<f32>;
        fn spin() -> f32 { var n = 0.0; loop { n += x[0]; if (n < -1e30) { break; } } return n; }
        @compute @workgroup_size(64)
        fn own(@builtin(global_invocation_id) at: vec3<u32>) {
          let i = at.x;
          if (i < arrayLength(&y)) { y[i] = x[i]; ${body} }
        }\`, { inputs: ["float32"], output: "float32" }) },
    }));`
    );
    const source = `
    import { defineOperator, definePlugin, wgslKernel } from "@spiraltorch/spiraltorch/plugin";
    export default definePlugin({
      metadata: { id: "attack", version: "1.0.0" },
      onLoad({ operators }) { ${registrations.join("\n")} },
    });`;
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () =>
        new Response(source, {
          headers: { "content-type": "application/typescript" },
        }),
    );
    await using ecosystem = await load("webgpu");
    const { operators, loader } = ecosystem;
    await loader.load(`http://127.0.0.1:${server.addr.port}/attack.ts`);
    const own = () =>
      operators.execute("operators:shader_softsign", [WHOLE.mul(3)])[0]!.data();
    const kept = await WHOLE.mul(5).realize();
    const [before, elements] = [await own(), await WHOLE.mul(5).data()];
    for (const i of [0, 1]) {
      const [y] = operators.execute(`attack:a${i}`, [WHOLE]);
      const error = await assertRejects(() => y!.data());
      assert(isCoded(error) && error.code === "KERNEL_FAILED", String(error));
      assertEquals(await own(), before);
    }
    const [y] = operators.execute("attack:a2", [WHOLE]);
    await y!.data();
    assertEquals([await own(), await kept.data()], [before, elements]);
  },
);
