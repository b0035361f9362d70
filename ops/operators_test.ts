// The promises of operators and their registry, one test each.

import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { isCoded } from "../core/base/mod.ts";

import { createBackend } from "../kernels/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../testing/mod.ts";
import { tensor } from "./create.ts";
import { OperatorBuilder } from "./define/operator_builder.ts";
import { defineOperator } from "./define_operator.ts";
import { gradients } from "./gradients.ts";
import { observeCalls } from "./observe_calls.ts";
import { OperatorRegistry } from "./registry.ts";
import { realizeOn } from "./realize_tensors.ts";

const A = [[1, 2], [3, 4]];
const B = [[4, 3], [2, 1]];

const square = new OperatorBuilder("acme:square", 1, 1)
  .withForward(([x]) => x!.mul(x!))
  .withBackward(([x], _, [gradient]) => [gradient!.mul(x!).mul(2)])
  .build();
const normalize = new OperatorBuilder("acme:normalize", 1, 1)
  .withForward(([x]) => x!.div(x!.mul(x!).sum().sqrt().maximum(1e-8)))
  .build();
const weighted = new OperatorBuilder("acme:weighted", 2, 1)
  .withForward(([a, b]) => a!.mul(0.7).add(b!.mul(0.3)))
  .build();
const spread = defineOperator({
  name: "acme:spread",
  inputs: ["x"],
  outputs: ["low", "high"],
  aliases: ["acme:range"],
  attributes: { by: { kind: "number", default: 1 } },
  infer: "... -> ..., ...",
  forward: ([x], { by }) => [x!.sub(Number(by)), x!.mul(x!).add(Number(by))],
});

/** Elements of the first result of a call by name. */
async function run(name: string, ...inputs: number[][][]): Promise<number[]> {
  const registry = new OperatorRegistry();
  for (const one of [square, normalize, weighted]) registry.register(one);
  const [y] = registry.execute(name, inputs.map((input) => tensor(input)));
  return [...await computeElements(y!)];
}

/** The code of what a call throws. */
function codeOf(call: () => unknown): string {
  const error = assertThrows(call);
  assert(isCoded(error), String(error));
  return error.code;
}

Deno.test("operators: square, normalize x/max(‖x‖, 1e-8), weighted .7a+.3b on [[1,2],[3,4]] (b = [[4,3],[2,1]]): 1,4,9,16; .18257419,.36514837,.54772256,.73029674; 1.9,2.3,2.7,3.1", async () => {
  assertEquals(await run("acme:square", A), [1, 4, 9, 16]);
  assertClose(await run("acme:normalize", A), [
    0.18257419,
    0.36514837,
    0.54772256,
    0.73029674,
  ], { tolerance: 1e-7 });
  assertClose(await run("acme:weighted", A, B), [1.9, 2.3, 2.7, 3.1]);
});

Deno.test("operators: gradient of square for ones 2,4,6,8; of normalize (g − x⟨x,g⟩/n²)/n", async () => {
  const x = tensor(A);
  const [slope] = gradients(square(x).sum(), [x]);
  assertEquals([...await computeElements(slope!)], [2, 4, 6, 8]);
  const g = [[0.5, -1], [2, 0.25]];
  const [back] = normalize.backward([x], [normalize(x)], [tensor(g)]);
  const [values, seeds] = [A.flat(), g.flat()];
  const n = Math.hypot(...values);
  const dot = values.reduce((sum, value, i) => sum + value * seeds[i]!, 0);
  const want = values.map((value, i) => (seeds[i]! - value * dot / n ** 2) / n);
  assertClose(await computeElements(back!), want, { tolerance: 1e-6 });
});

Deno.test("operators: swish(1) = .731058579, slope .927670512", async () => {
  const swish = defineOperator({
    name: "acme:swish",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!.sigmoid()),
  });
  const x = tensor(1);
  assertClose(await computeElements(swish(x)), [0.731058579], {
    tolerance: 1e-7,
  });
  const [slope] = swish.backward([x], [swish(x)], [tensor(1)]);
  assertClose(await computeElements(slope!), [0.927670512], {
    tolerance: 1e-7,
  });
});

Deno.test("operators: each error has its code, and names operator, argument, found and wanted", () => {
  const registry = new OperatorRegistry();
  registry.register(square);
  registry.register(weighted);
  registry.register(spread, { owner: "acme" });
  const x = tensor(A);
  const fixed = defineOperator({
    name: "acme:fixed",
    inputs: ["x"],
    isDifferentiable: false,
    forward: ([x]) => x!.round(),
  });
  const y = fixed(x);
  const rows: [string, RegExp, () => unknown][] = [
    [
      "OPERATOR_NOT_FOUND",
      /acme:sqare/,
      () => registry.execute("acme:sqare", [x]),
    ],
    [
      "OPERATOR_ARITY",
      /acme:weighted to 1 inputs: it takes 2 \(x0, x1\)/,
      () => registry.execute("acme:weighted", [x]),
    ],
    [
      "SHAPE_MISMATCH",
      /acme:weighted to x0 .*\[2,2\], x1 .*\[3\]/,
      () => registry.execute("acme:weighted", [x, tensor([1, 2, 3])]),
    ],
    [
      "DTYPE_MISMATCH",
      /acme:strict to x bool\[1\]: .*"bool"/,
      () =>
        defineOperator({
          name: "acme:strict",
          inputs: ["x"],
          forward: ([x]) => x!.neg(),
        })(tensor([true], { dtype: "bool" })),
    ],
    [
      "ATTRIBUTE_INVALID",
      /acme:spread .*"by": found "1"/,
      () => registry.execute("acme:spread", [x], { by: "1" }),
    ],
    [
      "ATTRIBUTE_INVALID",
      /acme:spread .*"by": found Infinity/,
      () => registry.execute("acme:spread", [x], { by: Infinity }),
    ],
    [
      "ATTRIBUTE_INVALID",
      /acme:spread .*"buy": no attribute/,
      () => registry.execute("acme:spread", [x], { buy: 1 }),
    ],
    [
      "BACKEND_UNKNOWN",
      /"cuda": known are/,
      () => registry.explainDispatch("acme:square", [x], "cuda"),
    ],
    [
      "OPERATOR_EXISTS",
      /acme:square.*the host/,
      () => registry.register(square),
    ],
    [
      "OPERATOR_EXISTS",
      /"acme:range".*plugin "acme"/,
      () =>
        registry.register(
          new OperatorBuilder("acme:range", 1, 1)
            .withForward(([x]) => x!).build(),
        ),
    ],
    ["OPERATOR_OWNED", /acme:spread/, () => registry.unregister("acme:spread")],
    ["OPERATOR_PROTECTED", /add/, () => registry.unregister("add")],
    ["NOT_DIFFERENTIABLE", /acme:fixed/, () => fixed.backward([x], [y], [y])],
    ["NOT_DIFFERENTIABLE", /acme:fixed/, () => gradients(fixed(x).sum(), [x])],
    ["OPERATOR_ARITY", /acme:square/, () => square.backward([], [x], [x])],
    [
      "OPERATOR_ARITY",
      /the outputs of acme:square/,
      () => square.backward([x], [], [x]),
    ],
    [
      "OPERATOR_ARITY",
      /the gradients of acme:square/,
      () => square.backward([x], [x], []),
    ],
    [
      "GRADIENT_SHAPE_MISMATCH",
      /acme:square.*\[\], wanted \[2,2\]/,
      () => square.backward([x], [x], [tensor(1)]),
    ],
    [
      "GRADIENT_SHAPE_MISMATCH",
      /acme:half.*input "x1" is left out, wanted \[2,2\]/,
      () =>
        new OperatorBuilder("acme:half", 2, 1).withForward(([x]) => x!)
          .withBackward((_, __, [g]) => [g, null]).build()
          .backward([x, x], [x], [x]),
    ],
    [
      "OPERATOR_ARITY",
      /the gradient of acme:short/,
      () =>
        new OperatorBuilder("acme:short", 2, 1).withForward(([x]) => x!)
          .withBackward((_, __, [g]) => [g]).build()
          .backward([x, x], [x], [x]),
    ],
    [
      "OPERATOR_ARITY",
      /acme:less, whose function gives to 1/,
      () =>
        new OperatorBuilder("acme:less", 1, 2).withForward(([x]) => [x!])
          .build().execute([x]),
    ],
    ["OUTPUTS_SEVERAL", /acme:spread.*\(low, high\)/, () => spread(x)],
    [
      "OPERATOR_INVALID",
      /forward: Found undefined/,
      () => new OperatorBuilder("acme:none", 1, 1).build(),
    ],
    [
      "OPERATOR_INVALID",
      /aliases\.0: Found the operator's own name/,
      () =>
        new OperatorBuilder("acme:me", 1, 1).withAlias("acme:me")
          .withForward(([x]) => x!).build(),
    ],
    [
      "OPERATOR_INVALID",
      /version: Found "one"/,
      () =>
        new OperatorBuilder("acme:one", 1, 1).withVersion("one")
          .withForward(([x]) => x!).build(),
    ],
    [
      "OPERATOR_INVALID",
      /attributes\.by\.default: Found "1"/,
      () =>
        new OperatorBuilder("acme:by", 1, 1).withAttribute("by", "number", "1")
          .withForward(([x]) => x!).build(),
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

Deno.test("operators: variadic", async () => {
  const total = new OperatorBuilder("acme:total", 0, 1)
    .withForward((inputs) => inputs.reduce((sum, x) => sum.add(x)))
    .build();
  const [x, y, z] = [tensor([1, 2]), tensor([10, 20]), tensor([100, 200])];
  assertEquals([...await computeElements(total(x))], [1, 2]);
  assertEquals([...await computeElements(total(x, y, z))], [111, 222]);
  assertEquals(codeOf(() => total()), "OPERATOR_ARITY");
  await assertGradients((a, b) => total(a!, b!, a!), [x, y]);
});

Deno.test("operators: two outputs", async () => {
  const x = tensor([1, -2, 3]);
  const calls: unknown[] = [];
  {
    using _ = observeCalls((call) => void calls.push(call));
    spread.execute([x]);
  }
  assertEquals(calls, [{
    name: "acme:spread",
    inputShapes: [[3]],
    outputShapes: [[3], [3]],
  }]);
  const registry = new OperatorRegistry();
  registry.register(spread);
  const [low, high] = registry.execute("acme:range", [x], { by: 0.5 });
  assertEquals([...await computeElements(low!)], [0.5, -2.5, 2.5]);
  assertEquals([...await computeElements(high!)], [1.5, 4.5, 9.5]);
  // d/dx (3(x - 1) + 2(x² + 1)) = 3 + 4x
  const [y0, y1] = spread.execute([x]);
  const [slope] = gradients(y0!.mul(3).add(y1!.mul(2)).sum(), [x]);
  assertEquals([...await computeElements(slope!)], [7, -5, 15]);
});

Deno.test("operators: two outputs with a gradient of their own", async () => {
  const pair = new OperatorBuilder("acme:pair", 1, 2)
    .withForward(([x]) => [x!.exp(), x!.mul(x!)])
    .withBackward(([x], [y0], [g0, g1]) => [
      g0!.mul(y0!).add(g1!.mul(x!).mul(2)),
    ])
    .build();
  await assertGradients((x) => {
    const [y0, y1] = pair.execute([x!]);
    return y0!.mul(y1!);
  }, [tensor([0.5, -1, 2])]);
  const x = tensor([0.5]);
  const ys = pair.execute([x]);
  const [back] = pair.backward([x], ys, [tensor([1]), tensor([10])]);
  assertClose(await computeElements(back!), [Math.exp(0.5) + 10]);
});

Deno.test("operators: same operator on three backends", async () => {
  const x = tensor(A);
  const want = [0.18257419, 0.36514837, 0.54772256, 0.73029674];
  for (const name of ["reference", "wasm"] as const) {
    await using backend = createBackend(name);
    const [y] = await realizeOn([normalize(x)], { backend });
    assertClose(await y!.data(), want, { tolerance: 1e-6 });
    const registry = new OperatorRegistry({ backends: () => [backend] });
    registry.register(normalize);
    const { chosen } = registry.explainDispatch("acme:normalize", [x], name);
    assertEquals(chosen, {
      backend: name,
      via: name === "reference" ? "reference" : "composite",
    });
  }
});

Deno.test("operators: register inside a forward", async () => {
  const registry = new OperatorRegistry();
  const helper = new OperatorBuilder("acme:helper", 1, 1)
    .withForward(([x]) => x!.add(1)).build();
  registry.register(defineOperator({
    name: "acme:busy",
    inputs: ["x"],
    forward([x]) {
      if (!registry.has("acme:helper")) registry.register(helper);
      return registry.execute("acme:helper", [x!])[0]!;
    },
  }));
  const [y] = registry.execute("acme:busy", [tensor([1])]);
  assertEquals([...await computeElements(y!)], [2]);
  assertStrictEquals(registry.get("acme:helper"), helper);
});
