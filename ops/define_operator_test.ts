import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import { assertGradients, computeElements } from "../testing/mod.ts";
import { tensor } from "./create.ts";
import type { OperatorDefinition } from "./define/definition.ts";
import { defineOperator } from "./define_operator.ts";
import { TensorError } from "./errors.ts";
import { gradients } from "./gradients.ts";

const SWISH: OperatorDefinition = {
  name: "acme:swish",
  inputs: ["x"],
  forward: ([x]) => x!.mul(x!.sigmoid()),
};

Deno.test("defineOperator() makes a composite that can be called", async () => {
  const swish = defineOperator(SWISH);
  assertEquals(swish.name, "acme:swish");
  assertEquals(swish.kind, "composite");
  assertEquals([swish.version, swish.description], ["1.0.0", ""]);
  assertEquals(swish.schema, { inputs: ["x"], attributes: {} });
  assertEquals(swish.definition, SWISH);
  const y = swish(tensor([0, 1]));
  assertEquals(y.node.kind === "apply" && y.node.operator === swish, true);
  // x / (1 + exp(-x))
  const want = [0, 1 / (1 + Math.exp(-1))];
  assertEquals([...await computeElements(y)], want);
});

Deno.test("defineOperator() takes version, description and attributes", async () => {
  const scale = defineOperator({
    name: "acme:scale",
    version: "2.1.0",
    description: "Multiplies.",
    inputs: ["x"],
    attributes: { by: "number" },
    forward: ([x], { by }) => x!.mul(Number(by)),
  });
  assertEquals([scale.version, scale.description], ["2.1.0", "Multiplies."]);
  const y = scale(tensor([1, 2]), { by: 3 });
  assertEquals([...await computeElements(y)], [3, 6]);
  const error = assertThrows(
    () => scale(tensor([1, 2]), { by: "3" }),
    TensorError,
    'Cannot apply acme:scale with attribute "by": found "3", wanted a finite number',
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
  assertThrows(() => scale(tensor([1])), TensorError, "found nothing");
});

Deno.test("defineOperator() lets numbers stand for inputs, and counts them", async () => {
  const lerp = defineOperator({
    name: "acme:lerp",
    inputs: ["from", "to"],
    forward: ([from, to]) => from!.add(to!).div(2),
  });
  assertEquals([...await computeElements(lerp(tensor([2]), 4))], [3]);
  const error = assertThrows(() => lerp(tensor([2])), TensorError);
  assertEquals(error.code, "OPERATOR_ARITY");
});

Deno.test.each([{ value: "1" }, { value: null }, { value: undefined }, {
  value: [1],
}])(
  "defineOperator() rejects $value, which is neither tensor nor number",
  ({ value }) => {
    const swish = defineOperator(SWISH);
    // What arrives from plain JavaScript has no type.
    const error = assertThrows(() => swish(value as never));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
  },
);

Deno.test("defineOperator() infers by recording, unless it is told how", () => {
  const rows = defineOperator({
    name: "acme:rows",
    inputs: ["x"],
    forward: ([x]) => x!.sum(1).cast("int32"),
  });
  const type = rows(tensor([[1, 2], [3, 4], [5, 6]])).node.type;
  assertEquals(type, { dtype: "int32", shape: [3] });
  let recorded = 0;
  const told = defineOperator({
    ...SWISH,
    forward: ([x]) => (recorded++, x!.mul(2)),
    infer: ([x]) => x!,
  });
  assertEquals(told(tensor([1, 2])).shape, [2]);
  assertEquals(recorded, 0);
});

Deno.test("defineOperator() reports a mistake in its body at the call", () => {
  const bad = defineOperator({
    name: "acme:bad",
    inputs: ["x"],
    forward: ([x]) => x!.matmul(x!),
  });
  assertThrows(() => bad(tensor([[1, 2, 3]])), RangeError, "matmul");
});

Deno.test("defineOperator() has the gradient of what it describes, or the one it brings", async () => {
  const swish = defineOperator(SWISH);
  await assertGradients((x) => swish(x!), [tensor([-1, 0.5, 2])]);
  const straight = defineOperator({
    name: "acme:straight",
    inputs: ["x", "unused"],
    forward: ([x]) => x!.round(),
    vjp: ({ gradient, output, inputs: [x] }) => {
      assertEquals(output.shape, x!.shape);
      return [gradient, undefined];
    },
  });
  const x = tensor([0.4, 1.6]);
  const unused = tensor([1, 2], { dtype: "int32" });
  const [slope] = gradients(straight(x, unused).sum(), [x]);
  assertEquals([...await computeElements(slope!)], [1, 1]);
});

Deno.test.each<{ name: string; definition: unknown; paths: string[] }>([
  { name: "no object", definition: 7, paths: [""] },
  { name: "nothing", definition: null, paths: [""] },
  { name: "no name", definition: { ...SWISH, name: "" }, paths: ["name"] },
  {
    name: "a kind of attribute that there is not",
    definition: { ...SWISH, attributes: { a: "integer", b: "float" } },
    paths: ["attributes.b"],
  },
  {
    name: "values of a number",
    definition: {
      ...SWISH,
      attributes: { a: { kind: "number", values: ["x"] } },
    },
    paths: ["attributes.a.values"],
  },
  {
    name: "no values",
    definition: { ...SWISH, attributes: { a: { kind: "string", values: [] } } },
    paths: ["attributes.a.values"],
  },
  {
    name: "a default that is none of the values",
    definition: {
      ...SWISH,
      attributes: { a: { kind: "string", values: ["x"], default: "y" } },
    },
    paths: ["attributes.a.default"],
  },
  {
    name: "a name with a space",
    definition: { ...SWISH, name: "a b" },
    paths: ["name"],
  },
  {
    name: "a name that begins with a digit",
    definition: { ...SWISH, name: "1a" },
    paths: ["name"],
  },
  {
    name: "a name that is too long",
    definition: { ...SWISH, name: "a".repeat(129) },
    paths: ["name"],
  },
  {
    name: "inputs of one name",
    definition: { ...SWISH, inputs: ["x", "x"] },
    paths: ["inputs"],
  },
  {
    name: "inputs that are no list",
    definition: { ...SWISH, inputs: "x" },
    paths: ["inputs"],
  },
  {
    name: "inputs that are not named",
    definition: { ...SWISH, inputs: [1] },
    paths: ["inputs"],
  },
  {
    name: "nothing that is right",
    definition: { name: 7, inputs: 7, forward: 7, infer: 7, vjp: 7 },
    paths: ["name", "inputs", "forward", "infer", "vjp"],
  },
  {
    name: "no forward",
    definition: { name: "a", inputs: [] },
    paths: ["forward"],
  },
])("defineOperator() rejects $name", ({ definition, paths }) => {
  const error = assertThrows(
    () => defineOperator(definition as OperatorDefinition),
    TensorError,
    "Cannot define operator",
  );
  assertEquals(error.code, "OPERATOR_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  assertEquals(issues.map(({ path }) => path), paths);
});
