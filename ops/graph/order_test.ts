import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { randomGraph } from "../../testing/mod.ts";
import { add } from "../builtin/binary.ts";
import { unary } from "../builtin/unary.ts";
import { tensor } from "../create.ts";
import { inputsOf, type Node } from "./node.ts";
import { numberNodes, topologicalOrder } from "./order.ts";

Deno.test("topologicalOrder() lists inputs first, and every node once", () => {
  const [a, b] = [tensor([1]).node, tensor([2]).node];
  const sum = add(a, b);
  const root = add(sum, unary("neg", sum));
  const order = topologicalOrder([root, sum, b]);
  assertEquals(order, [a, b, sum, inputsOf(root)[1]!, root]);
});

Deno.test("topologicalOrder() of nothing is nothing", () => {
  assertEquals(topologicalOrder([]), []);
});

Deno.test("topologicalOrder() does not look behind stops", () => {
  const a = tensor([1]).node;
  const stop = unary("neg", a);
  const root = unary("exp", stop);
  assertEquals(topologicalOrder([root], { stops: new Set([stop]) }), [
    stop,
    root,
  ]);
  assertEquals(topologicalOrder([root], { stops: new Set([root]) }), [root]);
});

Deno.test("topologicalOrder() shows what has been computed as its result", async () => {
  const y = tensor([1]).add(1);
  const call = y.node;
  const root = unary("neg", call);
  await y.realize();
  assert(y.node !== call);
  assertEquals(topologicalOrder([root]), [y.node, root]);
  assertEquals(topologicalOrder([call]), [y.node]);
});

Deno.test("topologicalOrder() orders a chain of 100,000 calls", () => {
  let node: Node = tensor([1]).node;
  for (let i = 0; i < 100_000; i++) node = unary("neg", node);
  const order = topologicalOrder([node]);
  assertEquals(order.length, 100_001);
  assertEquals(order.at(-1) === node, true);
});

Deno.test("topologicalOrder() visits shared nodes once, however many ways there are", () => {
  let node: Node = tensor([1]).node;
  // 2^200 ways from the end to the start.
  for (let i = 0; i < 200; i++) node = add(node, node);
  assertEquals(topologicalOrder([node]).length, 201);
});

Deno.test("topologicalOrder() puts inputs before what uses them in any graph", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      (choices) => {
        let next = 0;
        const { tensors } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
        );
        const roots = tensors.map(({ node }) => node);
        const order = topologicalOrder(roots);
        const places = new Map(order.map((node, place) => [node, place]));
        assertEquals(places.size, order.length);
        assert(roots.every((root) => places.has(root)));
        order.forEach((node, place) => {
          for (const input of inputsOf(node)) {
            assert(places.get(input)! < place);
          }
        });
        assertEquals(topologicalOrder(roots), order);
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("numberNodes() numbers nodes by their places, and inputs by theirs", () => {
  const a = tensor([1]).node;
  const b = tensor([2]).node;
  const sum = add(a, b);
  const stop = add(sum, sum);
  const root = add(stop, add(a, a));
  const { order, inputs, places } = numberNodes([root, b], {
    stops: new Set([stop]),
  });
  assertEquals(order.map((node) => places.get(node)), [0, 1, 2, 3, 4]);
  assertEquals(order.map((node) => node === stop), [
    true,
    false,
    false,
    false,
    false,
  ]);
  // stop, a, a + a, root, b
  assertEquals(inputs, [[], [], [1, 1], [0, 2], []]);
});
