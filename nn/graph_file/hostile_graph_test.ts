// Graphs from outside that are spoilt, each in one way.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { tensor } from "../../ops/mod.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { encodeGraph } from "./encode_graph.ts";
import type { GraphFile } from "./format.ts";
import { parseGraph } from "./parse_graph.ts";

function save(): Promise<GraphFile> {
  const x = tensor([[1, 2]]);
  const y = x.matmul(tensor([[3], [4]])).add(1).relu();
  return encodeGraph({ y }, { inputs: { x } });
}

// deno-lint-ignore no-explicit-any -- a document is spoilt in ways that its type does not allow
type Spoilt = any;

Deno.test.each<
  {
    name: string;
    spoil: (document: Spoilt) => unknown;
    code?: string;
    message: string;
  }
>([
  {
    name: "another format",
    spoil: (d) => d.format = "onnx",
    message: "format",
  },
  {
    name: "a version that is not there yet",
    spoil: (d) => d.version = 2,
    message: "version",
  },
  { name: "an unknown field", spoil: (d) => d.trust = true, message: "trust" },
  {
    name: "a missing field",
    spoil: (d) => delete d.weights,
    message: "weights",
  },
  {
    name: "a name twice",
    spoil: (d) => d.outputs = [d.outputs[0], d.outputs[0]],
    message: "outputs: Found a name twice",
  },
  {
    name: "an input that the trace has not",
    spoil: (d) => d.inputs[0].name = "z",
    message: "Found inputs",
  },
  {
    name: "an output too many",
    spoil: (d) => d.trace.outputs.push(0),
    message: "trace.outputs: Found 2 places, wanted 1",
  },
  {
    name: "an output of another shape",
    spoil: (d) => d.outputs[0].shape = [2],
    message: 'Found float32[2] for "y", but its operators give float32[1,1]',
  },
  {
    name: "an output of another dtype",
    spoil: (d) => d.outputs[0].dtype = "int32",
    message: "Found int32[1,1]",
  },
  {
    name: "a weight of another shape",
    spoil: (d) => d.weights[0].shape = [1, 2],
    message: "weights.0: Found float32[2,1] in the weights file",
  },
  {
    name: "a weight that is not there",
    spoil: (d) => (d.weights[0].name = "v", d.trace.values[1].name = "v"),
    message: "weights.0: Found nothing",
  },
  {
    name: "a size below 0",
    spoil: (d) => d.inputs[0].shape = [-1],
    message: "inputs.0.shape.0",
  },
  {
    name: "a size that is no number",
    spoil: (d) => d.inputs[0].shape = ["9"],
    message: "inputs.0.shape.0",
  },
  {
    name: "sizes beyond every memory",
    spoil: (d) => d.inputs[0].shape = [2 ** 20, 2 ** 20],
    message: "must have less than",
  },
  {
    name: "a name that means something to JavaScript",
    spoil: (d) => d.inputs[0].name = "__proto__",
    message: "inputs.0.name",
  },
  {
    name: "an operator without a version",
    spoil: (d) => delete d.operators.relu,
    message: 'operators: Found no version of "relu"',
  },
  {
    name: "an operator that nothing calls",
    spoil: (d) => d.operators.exp = "1.0.0",
    message: 'Found "exp", which nothing calls',
  },
  {
    name: "another major version",
    spoil: (d) => d.operators.relu = "2.0.0",
    message: "operators.relu: Found version 1.0.0 here",
  },
  {
    name: "an operator that nobody has",
    spoil: (
      d,
    ) => (d.trace.values[5].operator = "rellu",
      d.operators.rellu = "1.0.0",
      delete d.operators.relu),
    code: "OPERATOR_NOT_FOUND",
    message: 'did you mean "relu"',
  },
  {
    name: "an operator of what every object has",
    spoil: (
      d,
    ) => (d.trace.values[5].operator = "constructor",
      d.operators.constructor = "1.0.0",
      delete d.operators.relu),
    code: "OPERATOR_NOT_FOUND",
    message: "constructor",
  },
  {
    name: "too few inputs of a call",
    spoil: (d) => d.trace.values[4].inputs.pop(),
    code: "OPERATOR_ARITY",
    message: "add",
  },
  {
    name: "an attribute that there is not",
    spoil: (d) => d.trace.values[5].attributes = { axis: 0 },
    code: "ATTRIBUTE_INVALID",
    message: "axis",
  },
  {
    name: "shapes that do not fit",
    spoil: (d) => d.trace.values[2].inputs = [0, 0],
    code: "SHAPE_MISMATCH",
    message: "matmul",
  },
  {
    name: "a use of a later value",
    spoil: (d) => d.trace.values[2].inputs = [5, 1],
    code: "TRACE_INVALID",
    message: "Found input 5",
  },
  {
    name: "an output beyond the values",
    spoil: (d) => d.trace.outputs = [99],
    code: "TRACE_INVALID",
    message: "outputs.0",
  },
  {
    name: "code in the place of a value",
    spoil: (d) => d.trace.values[2] = { kind: "import", url: "file:///x" },
    code: "TRACE_INVALID",
    message: "values.2",
  },
  {
    name: "an element that does not fit its dtype",
    spoil: (
      d,
    ) => (d.trace.values[3].dtype = "int32", d.trace.values[3].value = 0.5),
    code: "TRACE_INVALID",
    message: "Found 0.5",
  },
  {
    name: "an attribute that is left open",
    spoil: (d) => d.trace.values[4].inputs[1] = { attribute: "alpha" },
    message: 'Found attribute "alpha"',
  },
])(
  "parseGraph() refuses $name",
  async ({ spoil, code = "GRAPH_FILE_INVALID", message }) => {
    const { graph, weights } = await save();
    const document = JSON.parse(graph);
    spoil(document);
    const error = await assertRejects(
      () => parseGraph({ graph: JSON.stringify(document), weights }),
      Error,
      message,
    );
    assertEquals(isCoded(error) && error.code, code);
  },
);

Deno.test.each<
  { name: string; text: (graph: string) => unknown; message: string }
>([
  { name: "no text", text: () => ({}), message: "Found object, wanted text" },
  { name: "no JSON", text: () => "{", message: "Found no JSON" },
  {
    name: "JSON that ends inside a string",
    text: () => '{"a',
    message: "Found no JSON",
  },
  { name: "a list", text: () => "[]", message: "expected object" },
  {
    name: "a key twice",
    text: (graph) => graph.replace("{", '{"version":2,'),
    message: 'Found key "version" twice',
  },
  {
    name: "5,000 brackets",
    text: () => "[".repeat(5000),
    message: "nested more than 64 deep",
  },
  {
    name: "a prototype",
    text: (graph) => graph.replace("{", '{"__proto__":{"version":1},'),
    message: "__proto__",
  },
])("parseGraph() refuses $name", async ({ text, message }) => {
  const { graph, weights } = await save();
  const error = await assertRejects(
    () => parseGraph({ graph: text(graph) as string, weights }),
    Error,
    message,
  );
  assertEquals(isCoded(error) && error.code, "GRAPH_FILE_INVALID");
});

Deno.test("parseGraph() refuses too many values before it looks at one", async () => {
  const { graph, weights } = await save();
  const document = JSON.parse(graph);
  document.trace.values = Array.from({ length: 1_000_001 }, () => 0);
  const error = await assertRejects(
    () => parseGraph({ graph: JSON.stringify(document), weights }),
    Error,
    "expected array to have <=1000000 items",
  );
  assertEquals(isCoded(error) && error.code, "TRACE_INVALID");
});

Deno.test("parseGraph() refuses weights that are spoilt, or too many", async () => {
  const { graph, weights } = await save();
  const cut = await assertRejects(() =>
    parseGraph({ graph, weights: weights.slice(0, -1) })
  );
  assertEquals(isCoded(cut) && cut.code, "SAFETENSORS_INVALID");
  const tensors = ["w0", "w1"].map((name) =>
    [name, {
      dtype: "float32",
      shape: [2, 1],
      data: new Float32Array(2),
    }] as const
  );
  await assertRejects(
    () => parseGraph({ graph, weights: encodeSafetensors(new Map(tensors)) }),
    Error,
    'Found "w1" in the weights file, which the document lacks',
  );
  assert(await parseGraph({ graph, weights }));
});
