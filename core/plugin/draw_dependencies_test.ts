import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { dotOfGraph, mermaidOfGraph } from "./draw_dependencies.ts";
import { dependent, fixture, plugin } from "./registry_fixture_test.ts";

const GRAPH = new Map([["a", []], ["b", ["a", 'x"[y]']]]);

Deno.test("dot and explain snapshots: dotOfGraph() draws what is missing dashed", () => {
  assertEquals(
    dotOfGraph(GRAPH),
    `digraph plugins {
  rankdir=LR;
  node [shape=box];
  "a";
  "b";
  "x\\"[y]" [style=dashed];
  "b" -> "a";
  "b" -> "x\\"[y]" [style=dashed];
}
`,
  );
});

Deno.test("mermaidOfGraph() draws what is missing dashed", () => {
  assertEquals(
    mermaidOfGraph(GRAPH, { rankdir: "TB" }),
    `flowchart TB
  n0["a"]
  n1["b"]
  n2["x#34;#91;y#93;"]
  n1 --> n0
  n1 -.-> n2
  style n2 stroke-dasharray: 4
`,
  );
});

Deno.test("PluginRegistry.toDot() and toMermaid() draw the active plugins", async () => {
  const { registry } = fixture();
  await registry.registerAll([dependent("b", "a"), plugin("a")]);
  for (const rankdir of ["LR", "RL", "TB", "BT"] as const) {
    const options = { rankdir, showMissing: false };
    assertEquals(
      registry.toDot(options),
      dotOfGraph(new Map([["a", []], ["b", ["a"]]]), { rankdir }),
    );
  }
  assertEquals(
    registry.toMermaid(),
    'flowchart LR\n  n0["a"]\n  n1["b"]\n  n1 --> n0\n',
  );
  const rankdir = JSON.parse('"UP"');
  assertThrows(() => registry.toDot({ rankdir }), OptionError);
});

Deno.test("drawings leave out what is missing if they are told to", () => {
  const options = { showMissing: false };
  assertEquals(mermaidOfGraph(GRAPH, options).includes("n2"), false);
  assertEquals(dotOfGraph(GRAPH, options).includes("dashed"), false);
});
