// Graphs that call several versions of one operator. The oracle is what each version says it computes.

import { assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  type CallableOperator,
  defineOperator,
  OperatorRegistry,
  tensor,
} from "../../ops/mod.ts";
import { encodeGraph } from "./encode_graph.ts";
import type { GraphFile } from "./format.ts";
import { parseGraph } from "./parse_graph.ts";

/** x times the version without its dots. */
function scale(version: string): CallableOperator {
  return defineOperator({
    name: "acme:scale",
    version,
    inputs: ["x"],
    forward: ([x]) => x!.mul(Number(version.replaceAll(".", ""))),
  });
}

function registryOf(...versions: readonly string[]): OperatorRegistry {
  const registry = new OperatorRegistry();
  for (const version of versions) registry.register(scale(version));
  return registry;
}

/** 1 times each version, one after the other. */
function save(
  operators: OperatorRegistry,
  references: readonly string[],
): Promise<GraphFile> {
  const y = references.reduce(
    (x, reference) => operators.execute(reference, [x])[0]!,
    tensor([1]),
  );
  return encodeGraph({ y }, { operators });
}

async function read(
  file: GraphFile,
  operators: OperatorRegistry,
): Promise<unknown> {
  return await (await parseGraph(file, { operators })).call().y!.array();
}

Deno.test("encodeGraph() names a version where the name alone means another", async () => {
  const operators = registryOf("1.0.0", "2.0.0");
  const file = await save(operators, ["acme:scale", "acme:scale@1"]);
  assertEquals(JSON.parse(file.graph).operators, {
    "acme:scale": "2.0.0",
    "acme:scale@1.0.0": "1.0.0",
  });
  assertEquals(await read(file, operators), [200 * 100]);
});

Deno.test("parseGraph() takes the version that was saved, else the newest that means the same", async () => {
  const saved = await save(registryOf("1.1.0"), ["acme:scale"]);
  const rows: [versions: string[], factor: number][] = [
    [["1.0.0", "1.1.0", "1.2.0", "2.0.0"], 110],
    [["1.0.0", "1.2.0", "1.3.0-rc", "2.0.0"], 120],
    [["1.0.0", "2.0.0"], 100],
  ];
  for (const [versions, factor] of rows) {
    assertEquals(await read(saved, registryOf(...versions)), [factor]);
  }
  const below = await save(registryOf("0.1.0"), ["acme:scale"]);
  assertEquals(await read(below, registryOf("0.1.5", "0.2.0")), [15]);
});

Deno.test("parseGraph() refuses a graph whose version is missing, and names those that are there", async () => {
  const file = await save(registryOf("1.1.0"), ["acme:scale"]);
  const other = await assertRejects(
    () => parseGraph(file, { operators: registryOf("2.0.0", "3.0.0") }),
    Error,
    "operators.acme:scale: Found version 3.0.0, 2.0.0 here, wanted one compatible with 1.1.0",
  );
  assertEquals(isCoded(other) && other.code, "GRAPH_FILE_INVALID");
  const none = await assertRejects(() => parseGraph(file));
  assertEquals(isCoded(none) && none.code, "OPERATOR_NOT_FOUND");
});

Deno.test("parseGraph() refuses a call of one version that claims to be another", async () => {
  const operators = registryOf("1.0.0", "2.0.0");
  const { graph, weights } = await save(operators, ["acme:scale@1"]);
  const spoilt = graph.replace(
    '"acme:scale@1.0.0":"1.0.0"',
    '"acme:scale@1.0.0":"2.0.0"',
  );
  const error = await assertRejects(
    () => parseGraph({ graph: spoilt, weights }, { operators }),
    Error,
    "operators.acme:scale@1.0.0: Found version 2.0.0, wanted the one that it is called by",
  );
  assertEquals(isCoded(error) && error.code, "GRAPH_FILE_INVALID");
});

Deno.test("GraphFunction.call() finds the version that is there when it is called", async () => {
  const operators = registryOf("1.1.0");
  const graph = await parseGraph(await save(operators, ["acme:scale"]), {
    operators,
  });
  operators.register(scale("2.0.0"));
  assertEquals(await graph.call().y!.array(), [110]);
  operators.unregister("acme:scale@1.1.0");
  operators.register(scale("1.4.0"));
  assertEquals(await graph.call().y!.array(), [140]);
});
