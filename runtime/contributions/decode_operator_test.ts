// What is recorded in a sandbox and read by the host computes what the function computes. The oracle
// is the function itself, called in this process.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isCoded, type Json, type JsonObject } from "../../core/base/mod.ts";
import {
  defineOperator,
  gradients,
  type OperatorDefinition,
  OperatorRegistry,
  type Tensor,
  tensor,
  TensorError,
} from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { decodeOperator } from "./decode_operator.ts";
import { NO_EXPOSER, NO_REMOTE } from "./toy_remote_test.ts";
import { RuntimeError } from "../errors.ts";
import { encodeOperator } from "../guest/encode_operator.ts";
import { hostOperator } from "../guest/host_operators.ts";

/** Sends an operator through the border, as JSON. */
function send(definition: object, operators = new OperatorRegistry()) {
  const { data } = encodeOperator(definition, NO_EXPOSER);
  return decodeOperator(JSON.parse(JSON.stringify(data)) as Json, {
    operators,
    remote: NO_REMOTE,
  });
}

const CASES: readonly OperatorDefinition[] = [
  {
    name: "t:swish",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!.sigmoid()),
  },
  {
    name: "t:rows",
    inputs: ["x"],
    forward: ([x]) => x!.sub(x!.mean(-1, { keepDims: true })).softmax(0),
  },
  {
    name: "t:numbers",
    inputs: ["x"],
    forward: ([x]) => x!.greater(0.5).where(x!.mul(-2), Infinity).minimum(9),
  },
  {
    name: "t:constant",
    inputs: ["x"],
    forward: ([x]) => x!.add(tensor([[1, -0, 1e-7]])),
  },
];

Deno.test.each(CASES.map((definition) => ({
  name: definition.name,
  definition,
})))("encodeOperator() keeps what $name computes", async ({ definition }) => {
  const [here, there] = [defineOperator(definition), send(definition)];
  const x = tensor([[0.3, -1.5, 2], [0.7, 0, -0.1]]);
  assertEquals(await there(x).array(), await here(x).array());
  const [want] = gradients(here(x).sum(), [x]);
  const [got] = gradients(there(x).sum(), [x]);
  assertEquals(await got!.array(), await want!.array());
});

Deno.test("encodeOperator() records one graph for every shape", async () => {
  const swish = send(CASES[0]!);
  assertEquals(swish(tensor([1, 2])).shape, [2]);
  assertEquals(swish(tensor([[[1]]])).shape, [1, 1, 1]);
  assertClose(await swish(tensor([1])).data(), [0.731058579]);
});

Deno.test("encodeOperator() keeps a gradient that the plugin brings", async () => {
  // Straight through: the gradient is not that of round, which is 0.
  const rounded = send({
    name: "t:straight",
    inputs: ["x", "unused"],
    forward: ([x]: readonly Tensor[]) => x!.round(),
    vjp: ({ gradient }: { gradient: Tensor }) => [gradient.mul(2), undefined],
  });
  const a = tensor([0.2, 0.8]);
  const b = tensor([1, 1], { dtype: "int32" });
  const [slope] = gradients(rounded(a, b).sum(), [a]);
  assertEquals(await slope!.array(), [2, 2]);
  const c = tensor([1, 1]);
  const error = assertThrows(
    () => gradients(rounded(a, c).sum(), [c]),
    TensorError,
  );
  assertEquals(error.code, "GRADIENT_SHAPE_MISMATCH");
});

Deno.test("encodeOperator() writes an operator out that the host does not know", async () => {
  const inner = defineOperator({
    name: "t:inner",
    inputs: ["x"],
    forward: ([x]) => x!.add(1),
  });
  const outer = send({
    name: "t:outer",
    inputs: ["x"],
    forward: ([x]: readonly Tensor[]) => inner(x!).add(inner(x!)),
  });
  assertEquals(await outer(tensor([1])).array(), [4]);
});

Deno.test("encodeOperator() leaves an operator of the host by name", async () => {
  const operators = new OperatorRegistry();
  const definition = {
    name: "t:twice",
    inputs: ["x"],
    forward: ([x]: readonly Tensor[]) =>
      hostOperator("t:square")(hostOperator("t:square")(x!)),
  };
  const a = tensor([3]);
  const error = assertThrows(() => send(definition, operators), TensorError);
  assertEquals(error.code, "OPERATOR_NOT_FOUND");
  using _square = operators.register(defineOperator({
    name: "t:square",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!),
  }));
  assertEquals(await send(definition, operators)(a).array(), [81]);
});

Deno.test("encodeOperator() refuses an attribute with a schema, which is a function", () => {
  const by = {
    kind: "number",
    schema: { safeParse: () => ({ success: true }) },
  };
  const error = assertThrows(() =>
    send({ ...CASES[0]!, attributes: { by } }, new OperatorRegistry())
  );
  assert(isCoded(error) && error.code === "ATTRIBUTES_NOT_TRACED");
});

Deno.test("encodeOperator() leaves the version of the host's operator to a range", async () => {
  const operators = new OperatorRegistry();
  for (const version of ["1.0.0", "1.5.0", "2.0.0"]) {
    operators.register(defineOperator({
      name: "t:add",
      version,
      inputs: ["x"],
      forward: ([x]) => x!.add(Number.parseFloat(version)),
    }));
  }
  const both = {
    name: "t:both",
    inputs: ["x"],
    forward: ([x]: readonly Tensor[]) =>
      hostOperator("t:add@^1")(hostOperator("t:add")(x!)),
  };
  assertEquals(await send(both, operators)(tensor([0])).array(), [3.5]);
  const forward = ([x]: readonly Tensor[]) => hostOperator("t:add@^3")(x!);
  const error = assertThrows(
    () => send({ ...both, forward }, operators),
    TensorError,
  );
  assertEquals(error.code, "OPERATOR_NOT_FOUND");
});

Deno.test("encodeOperator() reports a function that looks at shapes", () => {
  const error = assertThrows(
    () =>
      encodeOperator({
        name: "t:peeks",
        inputs: ["x"],
        forward: ([x]: readonly Tensor[]) => x!.mul(x!.shape[0]!),
      }, NO_EXPOSER),
    TensorError,
  );
  assertEquals(error.code, "SHAPE_UNKNOWN");
});

Deno.test("an operator that crossed a border checks shapes at the call", async () => {
  const product = send({
    name: "t:product",
    inputs: ["a", "b"],
    forward: ([a, b]: readonly Tensor[]) => a!.matmul(b!),
  });
  await assertRejects(
    () => Promise.try(() => product(tensor([[1, 2]]), tensor([[1, 2]]))),
    RangeError,
    "Cannot apply t:product to a float32[1,2], b float32[1,2]: cannot apply matmul to shapes [1,2] and [1,2]",
  );
});

const VALID = encodeOperator(CASES[0]!, NO_EXPOSER).data as JsonObject;

/** A valid operator but for what it computes. */
function withForward(forward: Json): Json {
  return { ...VALID, variants: [{ when: {}, forward }] };
}

Deno.test.each<{ name: string; data: unknown; code: string }>([
  { name: "no object", data: 7, code: "CONTRIBUTION_INVALID" },
  {
    name: "an unknown field",
    data: { ...VALID, code: {} },
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "a trace of no kind",
    data: withForward({ values: [{ kind: "code" }] }),
    code: "TRACE_INVALID",
  },
  {
    name: "a use of a later value",
    data: withForward({
      values: [
        { kind: "input", name: "x" },
        { kind: "call", operator: "neg", inputs: [1], attributes: {} },
      ],
      outputs: [1],
    }),
    code: "TRACE_INVALID",
  },
  {
    name: "more inputs than names",
    data: { ...VALID, inputs: [] },
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "an operator that nobody has",
    data: withForward({
      values: [
        { kind: "input", name: "x" },
        { kind: "call", operator: "sigmiod", inputs: [0], attributes: {} },
      ],
      outputs: [1],
    }),
    code: "OPERATOR_NOT_FOUND",
  },
  {
    name: "an attribute that the operator has not",
    data: withForward({
      values: [
        { kind: "input", name: "x" },
        {
          kind: "call",
          operator: "mul",
          inputs: [0, { attribute: "alpha" }],
          attributes: {},
        },
      ],
      outputs: [1],
    }),
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "an attribute of what every object has, as a setting",
    data: withForward({
      values: [
        { kind: "input", name: "x" },
        {
          kind: "call",
          operator: "sum",
          inputs: [0],
          attributes: { keepDims: false },
          bound: { axes: "constructor" },
        },
      ],
      outputs: [1],
    }),
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "a kind of attribute that there is not",
    data: { ...VALID, attributes: { a: "code" } },
    code: "OPERATOR_INVALID",
  },
  {
    name: "a shape rule that is none",
    data: { ...VALID, infer: "x -> y" },
    code: "OPERATOR_INVALID",
  },
  {
    name: "a recording of other inputs",
    data: { ...VALID, variants: [{ when: {}, inputs: 5 }] },
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "no variant",
    data: { ...VALID, variants: [] },
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "a name that no operator may have",
    data: { ...VALID, name: "no name" },
    code: "OPERATOR_INVALID",
  },
])("decodeOperator() refuses $name", ({ data, code }) => {
  const error = assertThrows(
    () =>
      decodeOperator(data as Json, {
        operators: new OperatorRegistry(),
        remote: NO_REMOTE,
      }),
  );
  const isOurs = error instanceof RuntimeError || error instanceof TensorError;
  assertEquals<unknown>(isOurs && error.code, code);
});
