// Attributes of operators that were recorded in a sandbox. The oracle is the function itself, called
// in this process.

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { isCoded, type Json } from "../../core/base/mod.ts";
import {
  type Attributes,
  type CallableOperator,
  defineOperator,
  elementwise,
  gradients,
  type OperatorDefinition,
  OperatorRegistry,
  type Tensor,
  tensor,
} from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { encodeOperator } from "../guest/encode_operator.ts";
import { decodeOperator } from "./decode_operator.ts";
import { NO_EXPOSER, NO_REMOTE } from "./toy_remote_test.ts";

/** Sends an operator through the border, as JSON. */
function send(definition: OperatorDefinition): CallableOperator {
  const { data } = encodeOperator(definition, NO_EXPOSER);
  const sent = JSON.parse(JSON.stringify(data)) as Json;
  return decodeOperator(sent, {
    operators: new OperatorRegistry(),
    remote: NO_REMOTE,
  });
}

interface AttributeCase {
  readonly name: string;
  readonly attributes: NonNullable<OperatorDefinition["attributes"]>;
  readonly forward: NonNullable<OperatorDefinition["forward"]>;
  readonly values: readonly Attributes[];
}

const ATTRIBUTE_CASES: readonly AttributeCase[] = [
  {
    name: "a number as an operand",
    attributes: { alpha: "number", beta: { kind: "integer", default: 2 } },
    forward: ([x], { alpha, beta }) =>
      x!.mul(alpha as number).add(x!.pow(beta as number)),
    values: [{ alpha: 0.3 }, { alpha: -2, beta: 3 }],
  },
  {
    name: "a number in an expression",
    attributes: { alpha: "number" },
    forward: ([x], { alpha }) =>
      elementwise((x) => x!.less(0).select(x!.mul(alpha as number), x!))([x!]),
    values: [{ alpha: 0.3 }, { alpha: -2 }],
  },
  {
    name: "a truth value that is looked at",
    attributes: { isNegative: "boolean" },
    forward: ([x], { isNegative }) => isNegative ? x!.neg() : x!.exp(),
    values: [{ isNegative: true }, { isNegative: false }],
  },
  {
    name: "a dtype",
    attributes: { dtype: "dtype" },
    forward: ([x], { dtype }) => x!.cast(dtype as "int32"),
    values: [{ dtype: "int32" }, { dtype: "bool" }],
  },
  {
    name: "one of few texts",
    attributes: {
      mode: { kind: "string", values: ["sum", "mean"], default: "mean" },
    },
    forward: ([x], { mode }) => mode === "sum" ? x!.sum() : x!.mean(),
    values: [{ mode: "sum" }, { mode: "mean" }, {}],
  },
  {
    name: "axes as a setting, or none",
    attributes: { axes: "axes" },
    forward: ([x], { axes }) =>
      axes === null ? x!.sum() : x!.sum(axes as number, { keepDims: true }),
    values: [{ axes: null }, { axes: 0 }, { axes: [0, 1] }],
  },
  {
    name: "a number or null",
    attributes: { limit: "numberOrNull" },
    forward: ([x], { limit }) =>
      limit === null ? x! : x!.minimum(limit as number),
    values: [{ limit: null }, { limit: 0.1 }],
  },
];

Deno.test.each(ATTRIBUTE_CASES.map((row) => ({ ...row })))(
  "encodeOperator() keeps what an operator computes with $name",
  async ({ attributes, forward, values }) => {
    const definition: OperatorDefinition = {
      name: "t:settings",
      inputs: ["x"],
      attributes,
      forward,
    };
    const [here, there] = [defineOperator(definition), send(definition)];
    assertEquals(there.schema, here.schema);
    const x = tensor([[0.3, -1.5, 2], [0.7, 0, -0.1]]);
    for (const value of values) {
      const [want] = here.execute([x], value);
      const [got] = there.execute([x], value);
      assertEquals(got!.dtype, want!.dtype);
      assertEquals(await got!.array(), await want!.array());
      if (want!.dtype !== "float32") continue;
      const [slope] = gradients(want!.sum(), [x]);
      const [sent] = gradients(got!.sum(), [x]);
      assertEquals(await sent!.array(), await slope!.array());
    }
  },
);

Deno.test("encodeOperator() keeps several outputs, a gradient with attributes and a shape rule", async () => {
  const definition: OperatorDefinition = {
    name: "t:pair",
    aliases: ["t:two"],
    backends: ["CUDA"],
    inputs: ["x"],
    outputs: ["a", "b"],
    attributes: { k: "number" },
    infer: "... n -> ... n, ... n",
    forward: ([x], { k }) => [x!.mul(k as number), x!.exp()],
    vjp: ({ outputs: [, b], gradients: [ga, gb] }, { k }) => [
      ga!.mul(k as number).add(gb!.mul(b!)),
    ],
  };
  const there = send(definition);
  const x = tensor([0.5, -1]);
  const [a, b] = there.execute([x], { k: 3 });
  assertEquals(await a!.array(), [1.5, -3]);
  const [slope] = gradients(a!.mul(2).add(b!).sum(), [x]);
  assertClose(await slope!.data(), [6 + Math.exp(0.5), 6 + Math.exp(-1)]);
  assertEquals([there.aliases, there.backends], [["t:two"], ["CUDA"]]);
  assertThrows(() => there.execute([tensor(1)], { k: 3 }), RangeError, "... n");
});

Deno.test.each<
  { name: string; definition: Partial<OperatorDefinition>; code: string }
>([
  {
    name: "a number that is compared",
    definition: {
      attributes: { alpha: "number" },
      forward: ([x], { alpha }) => alpha === 0 ? x! : x!.mul(alpha as number),
    },
    code: "ATTRIBUTES_NOT_TRACED",
  },
  {
    name: "a number that is tested for truth",
    definition: {
      attributes: { alpha: "number" },
      forward: ([x], { alpha }) => alpha ? x! : x!.neg(),
    },
    code: "ATTRIBUTES_NOT_TRACED",
  },
  {
    name: "arithmetic of JavaScript",
    definition: {
      attributes: { alpha: "number" },
      forward: ([x], { alpha }) => x!.mul(2 * Number(alpha)),
    },
    code: "ATTRIBUTE_UNKNOWN",
  },
  {
    name: "text",
    definition: { attributes: { mode: "string" } },
    code: "ATTRIBUTES_NOT_TRACED",
  },
  {
    name: "too many combinations",
    definition: {
      attributes: { a: "dtype", b: "dtype", c: "dtype" },
    },
    code: "ATTRIBUTES_NOT_TRACED",
  },
])("encodeOperator() refuses $name", ({ definition, code }) => {
  const error = assertThrows(() =>
    encodeOperator({
      name: "t:refused",
      inputs: ["x"],
      forward: ([x]: readonly Tensor[]) => x,
      ...definition,
    }, NO_EXPOSER)
  );
  assertEquals(isCoded(error) && error.code, code, String(error));
});

Deno.test("decodeOperator() takes any number of inputs that was recorded, with gradients", async () => {
  const definition: OperatorDefinition = {
    name: "t:norm",
    inputs: ["first", "rest"],
    isVariadic: true,
    attributes: { isSquared: "boolean" },
    forward: ([first, ...rest], { isSquared }) => {
      const sum = rest.reduce(
        (sum, x) => sum.add(x.mul(x)),
        first!.mul(first!),
      );
      return isSquared ? sum : sum.sqrt();
    },
    vjp: ({ inputs, gradient }, { isSquared }) =>
      inputs.map((x) => isSquared ? x.mul(gradient).mul(2) : undefined),
  };
  const [here, there] = [defineOperator(definition), send(definition)];
  for (const count of [2, 3, 17]) {
    const inputs = Array.from(
      { length: count },
      (_, i) => tensor([i, 0.5 - i]),
    );
    for (const isSquared of [false, true]) {
      const [want] = here.execute(inputs, { isSquared });
      const [found] = there.execute(inputs, { isSquared });
      assertClose(await found!.data(), await want!.data());
    }
    const [y] = there.execute(inputs, { isSquared: true });
    const slopes = gradients(y!.sum(), inputs);
    assertClose(await slopes.at(-1)!.data(), [2 * (count - 1), 3 - 2 * count]);
  }
  const many = Array<Tensor>(18).fill(tensor([1]));
  const more = assertThrows(() => there.execute(many, { isSquared: true }));
  assertEquals(isCoded(more) && more.code, "INPUTS_NOT_TRACED", String(more));
  const fewer = assertThrows(() => there.execute([many[0]!]));
  assertEquals(isCoded(fewer) && fewer.code, "OPERATOR_ARITY");
});

Deno.test("an attribute that is one of few texts is no other", () => {
  const definition: OperatorDefinition = {
    name: "t:reduce",
    inputs: ["x"],
    attributes: { mode: { kind: "string", values: ["sum", "mean"] } },
    forward: ([x], { mode }) => mode === "sum" ? x!.sum() : x!.mean(),
  };
  for (const operator of [defineOperator(definition), send(definition)]) {
    const error = assertThrows(() => operator(tensor([1]), { mode: "max" }));
    assertEquals(isCoded(error) && error.code, "ATTRIBUTE_INVALID");
    assertStringIncludes(
      String(error),
      'attribute "mode": found "max", wanted "sum" or "mean"',
    );
  }
});
