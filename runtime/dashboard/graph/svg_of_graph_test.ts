import { assertEquals, assertStringIncludes } from "@std/assert";
import { ones } from "../../../ops/mod.ts";
import { svgOfGraph } from "./svg_of_graph.ts";

Deno.test("svgOfGraph() draws a box a call and an arrow an input", () => {
  const [x, w] = [ones([2, 3]), ones([3, 4])];
  const svg = svgOfGraph([x.matmul(w)], { names: { x, w } });
  assertEquals(svg.match(/<rect /g)?.length, 3);
  assertEquals(svg.match(/<path d="M[\d.]+ [\d.]+C/g)?.length, 2);
  assertStringIncludes(svg, '<g class="result"');
});

Deno.test("svgOfGraph() makes no markup of names", () => {
  const x = ones([2]);
  const svg = svgOfGraph([x.exp()], { names: { "<script>&": x } });
  assertEquals(svg.includes("<script>"), false);
  assertStringIncludes(svg, "&lt;script&gt;&amp;</text>");
});
