import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import { computeElements } from "../testing/mod.ts";
import type { OpcheckReport } from "./check/report.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { tensor } from "./create.ts";
import type { CallableOperator } from "./define/definition.ts";
import { defineOperator } from "./define_operator.ts";
import { OperatorBuilder } from "./define/operator_builder.ts";
import { TensorError } from "./errors.ts";
import { OperatorRegistry } from "./registry.ts";

function operator(name: string): CallableOperator {
  return defineOperator({ name, inputs: ["x"], forward: ([x]) => x!.mul(x!) });
}

Deno.test("OperatorRegistry knows the built-in operators", () => {
  const registry = new OperatorRegistry();
  assertEquals(registry.listOperators(), [...BUILTIN_OPERATORS.keys()].sort());
  assertStrictEquals(registry.get("add"), BUILTIN_OPERATORS.get("add"));
  assertEquals(registry.has("add"), true);
  assertEquals([registry.has("acme:f"), registry.get("acme:f")], [
    false,
    undefined,
  ]);
  // What every object has is no operator.
  assertEquals(registry.has("constructor"), false);
});

Deno.test("OperatorRegistry.register() adds an operator until it is disposed", () => {
  const registry = new OperatorRegistry();
  const square = operator("acme:square");
  {
    using _ = registry.register(square);
    assertStrictEquals(registry.get("acme:square"), square);
    assertEquals(registry.listOperators().includes("acme:square"), true);
    assertEquals(new OperatorRegistry().has("acme:square"), false);
  }
  assertEquals(registry.has("acme:square"), false);
});

Deno.test("OperatorRegistry.register() takes out its own operator only", () => {
  const registry = new OperatorRegistry();
  const first = registry.register(operator("acme:f"));
  registry.unregister("acme:f");
  const next = operator("acme:f");
  registry.register(next);
  first[Symbol.dispose]();
  assertStrictEquals(registry.get("acme:f"), next);
});

Deno.test.each<{ name: string; owner: string | undefined; whose: string }>([
  { name: "acme:f", owner: undefined, whose: "the host" },
  { name: "acme:g", owner: "acme", whose: 'plugin "acme"' },
  { name: "add", owner: undefined, whose: "the library" },
])(
  "OperatorRegistry.register() rejects a name that belongs to $whose",
  (row) => {
    const { name, owner, whose } = row;
    const registry = new OperatorRegistry();
    if (name !== "add") {
      registry.register(operator(name), owner === undefined ? {} : { owner });
    }
    const known = registry.get(name);
    const error = assertThrows(
      () => registry.register(operator(name)),
      TensorError,
      `Cannot register operator "${name}": the name belongs to ${whose}`,
    );
    assertEquals(error.code, "OPERATOR_EXISTS");
    assertStrictEquals(registry.get(name), known);
  },
);

Deno.test("OperatorRegistry.execute() calls by name, with attributes and numbers", async () => {
  const registry = new OperatorRegistry();
  registry.register(operator("acme:square"));
  const x = tensor([[1, 2], [3, 4]]);
  const [square] = registry.execute("acme:square", [x]);
  assertEquals([...await computeElements(square!)], [1, 4, 9, 16]);
  const [sum] = registry.execute("sum", [x], { axes: 0, keepDims: false });
  assertEquals([...await computeElements(sum!)], [4, 6]);
  const [more] = registry.execute("add", [x, 10]);
  assertEquals([...await computeElements(more!)], [11, 12, 13, 14]);
});

Deno.test("OperatorRegistry.execute() rejects what does not fit", () => {
  const registry = new OperatorRegistry();
  registry.register(operator("acme:square"));
  const x = tensor([1]);
  const calls: [string, () => unknown][] = [
    ["OPERATOR_NOT_FOUND", () => registry.execute("acme:sqare", [x])],
    ["OPERATOR_ARITY", () => registry.execute("add", [x])],
    ["ATTRIBUTE_INVALID", () => registry.execute("sum", [x])],
  ];
  for (const [code, call] of calls) {
    const error = assertThrows(call, TensorError);
    assertEquals(error.code, code);
  }
  assertThrows(calls[0]![1], TensorError, 'did you mean "acme:square"?');
});

Deno.test("OperatorRegistry.execute() says what plain JavaScript passed", () => {
  const registry = new OperatorRegistry();
  const x = tensor([[1, 2]]);
  const around: unknown[] = [];
  around.push(around);
  const rows: [string, unknown, unknown, string][] = [
    ["INVALID_OPTION", 5, {}, "Cannot use 5 as the name of an operator"],
    ["INVALID_OPTION", "softmax", 5, "Cannot use 5 as the attributes"],
    ["INVALID_OPTION", "softmax", null, "Cannot use null as the attributes"],
    ["ATTRIBUTE_INVALID", "softmax", { axis: NaN }, "found NaN, wanted"],
    ["ATTRIBUTE_INVALID", "softmax", { axis: [1, NaN] }, "found [1,NaN]"],
    ["ATTRIBUTE_INVALID", "softmax", { axis: around }, "found object"],
  ];
  for (const [code, name, attributes, said] of rows) {
    const call = Reflect.apply.bind(undefined, registry.execute, registry, [
      name,
      [x],
      attributes,
    ]);
    const error = assertThrows(call, Error, said);
    assertEquals(isCoded(error) && error.code, code);
  }
});

Deno.test("OperatorRegistry.unregister() takes out what the host added, and nothing else", () => {
  const registry = new OperatorRegistry();
  registry.register(operator("acme:f"));
  registry.register(operator("acme:g"), { owner: "acme" });
  assertEquals(registry.unregister("acme:f"), true);
  assertEquals(registry.unregister("acme:f"), false);
  const owned = assertThrows(
    () => registry.unregister("acme:g"),
    TensorError,
    'it belongs to plugin "acme"',
  );
  assertEquals(owned.code, "OPERATOR_OWNED");
  const builtin = assertThrows(() => registry.unregister("add"), TensorError);
  assertEquals(builtin.code, "OPERATOR_PROTECTED");
  assert(registry.has("acme:g") && registry.has("add"));
});

const spread = defineOperator({
  name: "acme:spread",
  inputs: ["x"],
  outputs: ["low", "high"],
  aliases: ["acme:range"],
  attributes: { by: { kind: "number", default: 1 } },
  forward: ([x], { by }) => [x!.sub(Number(by)), x!.add(Number(by))],
});

Deno.test("OperatorRegistry.register() knows aliases, which come and go with the operator", () => {
  const registry = new OperatorRegistry();
  const place = registry.register(spread, { owner: "acme" });
  assertStrictEquals(registry.get("acme:range"), spread);
  assertStrictEquals(registry.get("acme:spread#1"), spread.parts![1]);
  assertEquals(registry.listOperators().includes("acme:range"), false);
  assertEquals(registry.describe("acme:range"), {
    name: "acme:spread",
    version: "1.0.0",
    versions: ["1.0.0"],
    description: "",
    aliases: ["acme:range"],
    owner: "acme",
    backends: [],
    schema: { inputs: ["x"], attributes: { by: "number" } },
    outputs: 2,
  });
  assertEquals(registry.describe("add").owner, "library");
  place[Symbol.dispose]();
  assertEquals(
    ["acme:range", "acme:spread", "acme:spread#1"].map((name) =>
      registry.has(name)
    ),
    [false, false, false],
  );
});

Deno.test("OperatorRegistry.register() lets a built-in be covered where the policy allows it", () => {
  const asked: unknown[] = [];
  const registry = new OperatorRegistry({
    canOverride(name, owner) {
      asked.push([name, owner]);
      return owner === "acme" && name === "relu";
    },
  });
  const own = new OperatorBuilder("relu", 1, 1).withForward(([x]) => x!)
    .build();
  assertThrows(() => registry.register(own), TensorError, "the library");
  {
    using _ = registry.register(own, { owner: "acme" });
    assertStrictEquals(registry.get("relu"), own);
    assertEquals(
      registry.listOperators().filter((name) => name === "relu"),
      ["relu"],
    );
  }
  assertStrictEquals(registry.get("relu"), BUILTIN_OPERATORS.get("relu"));
  assertEquals(asked, [["relu", undefined], ["relu", "acme"]]);
});

Deno.test("wrong vjp caught by opcheck with the index named, and not registered", async () => {
  const registry = new OperatorRegistry();
  const samples = [{ inputs: [[2, 3]] }];
  using _place = await registry.registerVerified(spread, [{
    ...samples[0]!,
    attributes: { by: 1 },
  }]);
  assert(registry.has("acme:range"));
  const wrong = defineOperator({
    name: "acme:wrong",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!),
    vjp: ({ inputs: [x], gradient }) => [gradient.mul(x!)],
  });
  const error = await assertRejects(
    () => registry.registerVerified(wrong, samples),
    TensorError,
    'Cannot register operator "acme:wrong": firstGradient: ',
  );
  assertEquals(error.code, "OPERATOR_CHECK_FAILED");
  const report: unknown = error.details.report;
  const { results } = report as OpcheckReport;
  const failed = results.find(({ failure }) => failure !== undefined);
  assertEquals(failed?.property, "firstGradient");
  assertEquals(failed?.failure?.sample, 0);
  assertMatch(
    failed!.failure!.message,
    /^found slope \S+ at element \[\] of input 0, wanted \S+ by central differences/,
  );
  assertEquals(registry.has("acme:wrong"), false);
});

Deno.test("impure forward caught", async () => {
  let calls = 0;
  const impure = defineOperator({
    name: "acme:impure",
    inputs: ["x"],
    forward: ([x]) => x!.mul(++calls),
  });
  const error = await assertRejects(
    () =>
      new OperatorRegistry().registerVerified(impure, [{ inputs: [[2, 3]] }]),
    TensorError,
    "determinism",
  );
  assertEquals(error.code, "OPERATOR_CHECK_FAILED");
});
