import { assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { full, tensor } from "../create.ts";
import { placeholder } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { dotOfGraph, mermaidOfGraph, printGraph } from "./print_graph.ts";

const x = tensor([[1, 2]]);

Deno.test("printGraph() shows data, constants, placeholders, settings and numbers", () => {
  const hole = new Tensor(
    placeholder('a"\u202e', { dtype: "float32", shape: [2] }),
  );
  const shared = x.add(hole);
  const y = shared.mul(shared).sum(1).sub(full([1], NaN));
  assertEquals(
    printGraph([y, tensor(3).neg()]),
    `%0: float32[1,2] = data
%1: float32[2] = placeholder "a\\""
%2: float32[1,2] = add(%0, %1)
%3: float32[1,2] = mul(%2, %2)
%4: float32[1] = sum[axes=1 keepDims=false](%3)
%5: float32[1] = constant NaN
%6: float32[1] = sub(%4, %5)
%7: float32[] = data
%8: float32[] = neg(%7)
return %6, %8`,
  );
});

Deno.test("printGraph() does not look behind what has a name", () => {
  const hidden = x.exp();
  assertEquals(
    printGraph([hidden.neg(), hidden], { names: { hidden } }),
    `hidden: float32[1,2] = input
%1: float32[1,2] = neg(hidden)
return %1, hidden`,
  );
});

Deno.test("mermaidOfGraph() escapes names, and writes numbers into the box", () => {
  assertEquals(
    mermaidOfGraph([x.mul(-2)], { names: { '"]; click': x } }),
    `flowchart TD
  n0["#34;#93;; click<br>float32#91;1,2#93;"]
  n1["mul<br>with -2<br>float32#91;1,2#93;"]
  n0 --> n1
`,
  );
});

Deno.test("dotOfGraph() escapes names, and draws a box for each call", () => {
  const y = x.mul(-2);
  assertEquals(
    dotOfGraph([y.add(y)], { names: { 'a"]': x } }),
    `digraph {
  node [shape=box];
  n0 [label="a\\"], float32[1,2]"];
  n1 [label="mul, with -2, float32[1,2]"];
  n2 [label="add, float32[1,2]"];
  n0 -> n1;
  n1 -> n2;
  n1 -> n2;
}
`,
  );
});

Deno.test("printGraph(), mermaidOfGraph() and dotOfGraph() reject what is no list of tensors", () => {
  for (const show of [printGraph, mermaidOfGraph, dotOfGraph]) {
    const error = assertThrows(() => show([7 as never]));
    assertEquals(isCoded(error) && error.code, "INVALID_OPTION");
  }
});
