// The oracle is the graph itself, before it was saved.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isCoded } from "../../core/base/mod.ts";
import {
  defineOperator,
  gradients,
  OperatorRegistry,
  tensor,
} from "../../ops/mod.ts";
import { assertClose, evaluate, randomGraph } from "../../testing/mod.ts";
import { encodeGraph } from "./encode_graph.ts";
import type { GraphFile } from "./format.ts";
import { parseGraph } from "./parse_graph.ts";

const x = tensor([[1, 2]]);
const weight = tensor([[3], [4]]);

function save(): Promise<GraphFile> {
  const y = x.matmul(weight).add(1).relu();
  return encodeGraph({ y }, { inputs: { x } });
}

Deno.test("parseGraph() computes what encodeGraph() saved, for other inputs too", async () => {
  const graph = await parseGraph(await save());
  assertEquals(graph.inputs, [{ name: "x", dtype: "float32", shape: [1, 2] }]);
  assertEquals(graph.outputs, [{ name: "y", dtype: "float32", shape: [1, 1] }]);
  assertEquals([...graph.weights.keys()], ["w0"]);
  const { y } = graph.call({ x });
  assertEquals(await y!.array(), [[12]]);
  const more = graph.call({ x: tensor([[0, 0], [-9, 1]]) });
  assertEquals(await more.y!.array(), [[1], [0]]);
  // What was read can be trained.
  const [slope] = gradients(y!.sum(), [graph.weights.get("w0")!]);
  assertEquals(await slope!.array(), [[1], [2]]);
});

Deno.test("encodeGraph() writes the document that docs/graph_format.md shows", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/graph_format.md", import.meta.url),
  );
  const [, shown] = /```json\n([^]*?)```/.exec(page)!;
  assertEquals(JSON.parse((await save()).graph), JSON.parse(shown!));
});

Deno.test("parseGraph() reads a chain of 100,000 calls", async () => {
  let y = x;
  for (let i = 0; i < 100_000; i++) y = y.flip(1);
  const graph = await parseGraph(await encodeGraph({ y }, { inputs: { x } }));
  const again = graph.call({ x }).y!;
  assertEquals(await again.array(), await x.array());
});

Deno.test("parseGraph() gives back any graph, bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
      async (choices) => {
        let next = 0;
        const { tensors, leaves } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
        );
        const wanted = tensors.slice(-3);
        const outputs = Object.fromEntries(
          wanted.map((tensor, i) => [`y${i}`, tensor]),
        );
        const given = leaves.slice(0, 1);
        const inputs = Object.fromEntries(given.map((leaf) => ["x", leaf]));
        const file = await encodeGraph(outputs, { inputs });
        const read = (await parseGraph(file)).call(inputs);
        for (const [i, want] of wanted.entries()) {
          const got = await evaluate(read[`y${i}`]!.node);
          const { dtype, shape, elements } = await evaluate(want.node);
          assertEquals([got.dtype, got.shape], [dtype, shape]);
          const options = { tolerance: 0, equalNaN: true };
          assertClose(got.elements, elements, options);
        }
        const again = await encodeGraph(read, { inputs });
        assertEquals(
          JSON.parse(again.graph).outputs,
          JSON.parse(file.graph).outputs,
        );
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});

Deno.test("encodeGraph() leaves operators by name that the registry has, and writes others out", async () => {
  const swish = defineOperator({
    name: "acme:swish",
    version: "2.1.0",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!.sigmoid()),
  });
  const called = ({ graph }: GraphFile) =>
    Object.keys(JSON.parse(graph).operators);
  const y = swish(x);
  assertEquals(called(await encodeGraph({ y })), ["mul", "sigmoid"]);
  const operators = new OperatorRegistry();
  const place = operators.register(swish);
  const file = await encodeGraph({ y }, { operators });
  assertEquals(called(file), ["acme:swish"]);
  const read = await parseGraph(file, { operators });
  assertEquals(read.call().y!.shape, [1, 2]);
  place[Symbol.dispose]();
  const gone = await assertRejects(() => parseGraph(file, { operators }));
  assertEquals(isCoded(gone) && gone.code, "OPERATOR_NOT_FOUND");
  operators.register(defineOperator({ ...swish.definition, version: "3.0.0" }));
  await assertRejects(
    () => parseGraph(file, { operators }),
    Error,
    "operators.acme:swish: Found version 3.0.0 here, wanted one compatible with 2.1.0",
  );
});

Deno.test("GraphFunction.call() rejects what the graph does not take", async () => {
  const graph = await parseGraph(await save());
  const rows: [unknown, string, string][] = [
    [{}, "INVALID_OPTION", 'input "x" of a graph'],
    [{ x, z: x }, "INVALID_OPTION", '"z"'],
    [{ x: 1 }, "INVALID_OPTION", 'input "x"'],
    [[x], "INVALID_OPTION", "inputs of a graph"],
    [{ x: tensor([[1]]) }, "SHAPE_MISMATCH", "matmul"],
  ];
  for (const [inputs, code, message] of rows) {
    const error = assertThrows(
      () => graph.call(inputs as never),
      Error,
      message,
    );
    assertEquals(isCoded(error) && error.code, code);
  }
});

Deno.test.each<
  { name: string; outputs: unknown; inputs?: unknown; code: string }
>([
  { name: "no tensors", outputs: 7, code: "INVALID_OPTION" },
  { name: "a number", outputs: { y: 7 }, code: "INVALID_OPTION" },
  {
    name: "an input that is none",
    outputs: { y: x },
    inputs: { x: 1 },
    code: "INVALID_OPTION",
  },
  {
    name: "a name without characters",
    outputs: { "": x },
    code: "GRAPH_FILE_INVALID",
  },
  {
    name: "a name that is too long",
    outputs: { ["y".repeat(129)]: x },
    code: "GRAPH_FILE_INVALID",
  },
])("encodeGraph() rejects $name", async ({ outputs, inputs = {}, code }) => {
  const error = await assertRejects(() =>
    encodeGraph(outputs as never, { inputs: inputs as never })
  );
  assertEquals(isCoded(error) && error.code, code);
});
