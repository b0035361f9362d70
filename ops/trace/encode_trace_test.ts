import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { assertClose, evaluate, randomGraph } from "../../testing/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { full, tensor, zeros } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import { TensorError } from "../errors.ts";
import { type Node, placeholder, UNKNOWN_TYPE } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { encodeTrace } from "./encode_trace.ts";
import { instantiateTrace } from "./instantiate_trace.ts";
import { parseTrace } from "./parse_trace.ts";
import type { Trace } from "./trace.ts";

function lookup(name: string) {
  return BUILTIN_OPERATORS.get(name);
}

/** Records a function of tensors whose types are not known. */
function record(count: number, fn: (...x: Tensor[]) => Tensor): Trace {
  const inputs = Array.from({ length: count }, (_, i) => {
    const name = `x${i}`;
    return [name, placeholder(name, UNKNOWN_TYPE)] as const;
  });
  const y = fn(...inputs.map(([, node]) => new Tensor(node)));
  return encodeTrace({ inputs, outputs: [y.node] });
}

Deno.test("encodeTrace() writes inputs first, then calls in order", () => {
  assertEquals(record(2, (x, y) => x!.mul(2).add(y!).sum(-1)), {
    values: [
      { kind: "input", name: "x0" },
      { kind: "input", name: "x1" },
      {
        kind: "call",
        operator: "mul",
        inputs: [0, { number: 2 }],
        attributes: {},
      },
      { kind: "call", operator: "add", inputs: [2, 1], attributes: {} },
      {
        kind: "call",
        operator: "sum",
        inputs: [3],
        attributes: { axes: -1, keepDims: false },
      },
    ],
    outputs: [4],
  });
});

Deno.test("encodeTrace() writes a shared value once, and an input as a result", () => {
  const shared = record(1, (x) => {
    const exp = x!.exp();
    return exp.mul(exp);
  });
  assertEquals(shared.values.length, 3);
  assertEquals(record(1, (x) => x!).outputs, [0]);
});

Deno.test("encodeTrace() writes operators out that are not known by name", () => {
  const swish = defineOperator({
    name: "acme:swish",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!.sigmoid()),
  });
  const operators = ({ values }: Trace) =>
    values.flatMap((value) => value.kind === "call" ? [value.operator] : []);
  assertEquals(operators(record(1, (x) => swish(x!).exp())), [
    "sigmoid",
    "mul",
    "exp",
  ]);
  const x = placeholder("x", UNKNOWN_TYPE);
  const named = encodeTrace(
    { inputs: [["x", x]], outputs: [swish(new Tensor(x)).node] },
    { isKnown: () => true },
  );
  assertEquals(operators(named), ["acme:swish"]);
});

Deno.test("encodeTrace() writes data, constants and numbers that JSON has not", () => {
  const closed = tensor(Float64Array.of(1, NaN, -Infinity, -0));
  const trace = record(
    1,
    (x) =>
      x!.add(closed).mul(full([4], Infinity)).sub(
        zeros([4], { dtype: "int32" }),
      )
        .pow(-0),
  );
  const data = trace.values.find(({ kind }) => kind === "data");
  assertEquals(data, {
    kind: "data",
    elements: [1, "NaN", "-Infinity", "-0"],
    dtype: "float32",
    shape: [4],
  });
  const constants = trace.values.filter(({ kind }) => kind === "constant");
  assertEquals(constants, [
    { kind: "constant", value: "Infinity", dtype: "float32", shape: [4] },
    { kind: "constant", value: 0, dtype: "int32", shape: [4] },
  ]);
  const last = trace.values.at(-1);
  assertEquals(last?.kind === "call" && last.inputs[1], { number: "-0" });
  // Plain data: JSON carries it, and what it carries is a trace.
  assertEquals(parseTrace(JSON.parse(JSON.stringify(trace))), trace);
});

Deno.test("encodeTrace() rejects a placeholder that is no input", () => {
  const stray = new Tensor(placeholder("stray", UNKNOWN_TYPE));
  const error = assertThrows(
    () => record(1, (x) => x!.add(stray)),
    TensorError,
    'placeholder "stray"',
  );
  assertEquals(error.code, "PLACEHOLDER_UNBOUND");
});

Deno.test("encodeTrace() rejects data that is in a backend only, until it is read", async () => {
  const computed = await tensor([1, 2]).add(1).realize();
  const error = assertThrows(
    () => record(1, (x) => x!.add(computed)),
    TensorError,
  );
  assertEquals(error.code, "DATA_NOT_ON_HOST");
  await computed.data();
  assertEquals(record(1, (x) => x!.add(computed)).values.length, 3);
});

Deno.test("encodeTrace() and instantiateTrace() serve tensors of any type", async () => {
  const trace = record(2, (x, y) => x!.sub(y!.mean(-1, { keepDims: true })));
  const calls: Node[][] = [
    [tensor([[1, 2], [3, 4]]).node, tensor([[1, 3], [5, 7]]).node],
    [tensor(10, { dtype: "int32" }).node, tensor([2, 4]).node],
  ];
  const wants = [[-1, 0, -3, -2], [7]];
  for (const [i, inputs] of calls.entries()) {
    const [y] = instantiateTrace(trace, inputs, lookup);
    assertEquals([...(await evaluate(y!)).elements], wants[i]!);
  }
});

Deno.test("instantiateTrace() infers anew, and reports what does not fit", () => {
  const trace = record(2, (x, y) => x!.matmul(y!));
  const x = tensor([[1, 2, 3]]).node;
  assertThrows(
    () => instantiateTrace(trace, [x, x], lookup),
    RangeError,
    "matmul",
  );
  const error = assertThrows(
    () => instantiateTrace(trace, [x, x], () => undefined),
    TensorError,
    'Cannot find operator "matmul"',
  );
  assertEquals(error.code, "OPERATOR_NOT_FOUND");
});

Deno.test("instantiateTrace() gives back what encodeTrace() recorded, for any graph", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      async (choices) => {
        let next = 0;
        const { tensors, leaves } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
        );
        const outputs = tensors.slice(-3).map(({ node }) => node);
        const inputs = leaves.map(({ node }, i) => [`${i}`, node] as const);
        const trace = encodeTrace({ inputs, outputs });
        const sent = parseTrace(JSON.parse(JSON.stringify(trace)));
        assertEquals(sent, trace);
        const placed = instantiateTrace(
          sent,
          leaves.map(({ node }) => node),
          lookup,
        );
        for (const [i, output] of outputs.entries()) {
          const [got, want] = [
            await evaluate(placed[i]!),
            await evaluate(output),
          ];
          assertEquals([got.dtype, got.shape], [want.dtype, want.shape]);
          const options = { tolerance: 0, equalNaN: true };
          assertClose(got.elements, want.elements, options);
        }
        assert(trace.values.length >= leaves.length);
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});
