import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { ones } from "../../../ops/mod.ts";
import { layoutGraph } from "./layout_graph.ts";

Deno.test("layoutGraph() says what each box computes, with settings and numbers", () => {
  const [x, w] = [ones([2, 3]), ones([3, 4])];
  const y = x.matmul(w).mul(2).softmax(-1);
  const { boxes, arrows } = layoutGraph([y], { names: { x, w } });
  assertEquals(boxes.map(({ label, detail, kind }) => [label, detail, kind]), [
    ["x", "float32[2,3]", "given"],
    ["w", "float32[3,4]", "given"],
    ["matmul", "float32[2,4]", "call"],
    ["mul", "float32[2,4] 2", "call"],
    ["softmax", "float32[2,4] axis=-1", "result"],
  ]);
  assertEquals(arrows.map(({ from, to }) => [from, to]), [
    [0, 2],
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

Deno.test("layoutGraph() clips and cleans names", () => {
  const x = ones([2]);
  const { boxes } = layoutGraph([x.exp()], {
    names: { ["\u202e<b>" + "x".repeat(500)]: x },
  });
  assert(boxes[0]!.label.startsWith("<b>xxx"));
  assertEquals(boxes[0]!.label.length, 44);
  assert(boxes[0]!.width >= 44 * 7);
});

Deno.test("layoutGraph() refuses what is no list of tensors", () => {
  assertThrows(() => Reflect.apply(layoutGraph, null, [1]), OptionError);
});
