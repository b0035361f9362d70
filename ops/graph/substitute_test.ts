import { assert, assertEquals } from "@std/assert";
import { add } from "../builtin/binary.ts";
import { unary } from "../builtin/unary.ts";
import { tensor } from "../create.ts";
import { Tensor } from "../tensor.ts";
import { inputsOf, type Node } from "./node.ts";
import { substitute, substituteAll } from "./substitute.ts";

Deno.test("substitute() describes the same computation of other nodes", async () => {
  const [x, y, other] = [tensor([1, 2]), tensor([10, 20]), tensor([5, 6])];
  const root = x.mul(2).add(y);
  const moved = substitute(root.node, new Map([[x.node, other.node]]));
  assertEquals(await new Tensor(moved).array(), [20, 32]);
  assertEquals(await root.array(), [12, 24]);
});

Deno.test("substitute() keeps what depends on nothing that is replaced", () => {
  const [x, y] = [tensor([1]).node, tensor([2]).node];
  const kept = unary("exp", y);
  const root = add(unary("neg", x), kept);
  const moved = substitute(root, new Map([[x, y]]));
  assert(inputsOf(moved)[1] === kept);
  assert(substitute(kept, new Map([[x, y]])) === kept);
  assert(substitute(x, new Map([[x, y]])) === y);
});

Deno.test("substitute() does not look behind what it replaces", () => {
  const x = tensor([1]).node;
  const inner = unary("exp", x);
  const root = unary("neg", inner);
  const y = tensor([2]).node;
  const moved = substitute(root, new Map([[inner, x], [x, y]]));
  assert(inputsOf(moved)[0] === x);
});

Deno.test("substitute() rewrites a chain of any length", () => {
  const [x, y] = [tensor([1]).node, tensor([2]).node];
  let root: Node = x;
  for (let i = 0; i < 20_000; i++) root = unary("neg", root);
  let node = substitute(root, new Map([[x, y]]));
  while (inputsOf(node)[0]) node = inputsOf(node)[0]!;
  assert(node === y);
});

Deno.test("substituteAll() leaves shared what is shared", () => {
  const [x, y] = [tensor([1]).node, tensor([2]).node];
  const shared = unary("exp", x);
  const roots = [unary("neg", shared), unary("abs", shared), x];
  const moved = substituteAll(roots, new Map([[x, y]]));
  assert(inputsOf(moved[0]!)[0] === inputsOf(moved[1]!)[0]);
  assert(inputsOf(inputsOf(moved[0]!)[0]!)[0] === y && moved[2] === y);
});
