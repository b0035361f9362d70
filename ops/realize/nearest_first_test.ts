import { assertEquals } from "@std/assert";
import { unary } from "../builtin/unary.ts";
import { tensor } from "../create.ts";
import type { Node } from "../graph/node.ts";
import { nearestFirst } from "./nearest_first.ts";

Deno.test("nearestFirst() sorts by how many calls lead to a node, on the longest way", () => {
  const x = tensor([1]).node;
  const near = unary("neg", x);
  const far = unary("exp", near);
  const beside = unary("sin", x);
  const order = nearestFirst([far, near, x, beside]);
  assertEquals(order.map((node) => [far, near, x, beside].indexOf(node)), [
    2,
    1,
    3,
    0,
  ]);
  assertEquals(nearestFirst([]), []);
});

Deno.test("nearestFirst() counts along chains of any length", () => {
  const x = tensor([1]).node;
  let node: Node = x;
  for (let i = 0; i < 20_000; i++) node = unary("neg", node);
  assertEquals(nearestFirst([node, x])[0] === x, true);
});
