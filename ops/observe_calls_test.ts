import { assertEquals, assertThrows } from "@std/assert";
import { compile } from "./compile.ts";
import { tensor } from "./create.ts";
import { defineOperator } from "./define_operator.ts";
import { gradients } from "./gradients.ts";
import { observeCalls, type OperatorCall, quietly } from "./observe_calls.ts";
import { OperatorRegistry } from "./registry.ts";
import type { Tensor } from "./tensor.ts";

/** Names of the calls that some work makes. */
async function callsOf(work: () => unknown): Promise<string[]> {
  const names: string[] = [];
  using _observation = observeCalls(({ name }) => void names.push(name));
  await work();
  return names;
}

Deno.test("observeCalls() tells names and shapes of each call, once", () => {
  const calls: OperatorCall[] = [];
  const observation = observeCalls((call) => void calls.push(call));
  tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])).add(1);
  observation[Symbol.dispose]();
  tensor([1]).neg();
  assertEquals(calls, [
    { name: "matmul", inputShapes: [[2, 2], [2, 1]], outputShapes: [[2, 1]] },
    { name: "add", inputShapes: [[2, 1], []], outputShapes: [[2, 1]] },
  ]);
});

Deno.test("observeCalls() hands out copies, so that no observer can spoil the graph", async () => {
  using _observation = observeCalls(({ outputShapes: [shape] }) =>
    void (shape as number[]).push(7)
  );
  const y = tensor([1, 2]).neg();
  assertEquals([y.shape, await y.array()], [[2], [-1, -2]]);
});

Deno.test("observeCalls() tells of a composite, not of what it is made of", async () => {
  const x = tensor([[1, 2], [3, 5]]);
  assertEquals(await callsOf(() => x.softmax().data()), ["softmax"]);
  const twice = defineOperator({
    name: "acme:twice",
    inputs: ["x"],
    forward: ([x]) => x!.add(x!),
  });
  assertEquals(await callsOf(() => twice(x).data()), ["acme:twice"]);
  const registry = new OperatorRegistry();
  using _registration = registry.register(twice);
  const work = () => registry.execute("acme:twice", [x])[0]!.array();
  assertEquals(await callsOf(work), ["acme:twice"]);
});

Deno.test("observeCalls() tells nothing of gradients, plans and replays", async () => {
  const x = tensor([1, 2]);
  assertEquals(
    await callsOf(() => gradients(x.mul(x).sum(), [x])[0]!.data()),
    ["mul", "sum"],
  );
  using double = compile((x: Tensor) => x.mul(2));
  assertEquals(await callsOf(() => double(x)), ["mul"]);
  assertEquals(await callsOf(() => double(x)), []);
});

Deno.test("observeCalls() tells nothing of calls that an observer makes", async () => {
  const names: string[] = [];
  const results: Tensor[] = [];
  using _observation = observeCalls(({ name }) => {
    names.push(name);
    results.push(tensor([1, 2]).add(1));
  });
  tensor([1]).neg();
  assertEquals(names, ["neg"]);
  assertEquals(await results[0]!.array(), [2, 3]);
});

Deno.test("observeCalls() leaves the graph as it would be without", () => {
  const build = () => tensor([1, 2]).mul(2).sum().toString();
  const alone = build();
  using _observation = observeCalls(() => {});
  assertEquals(build(), alone);
});

Deno.test("quietly() ends with its work, even where that fails", async () => {
  assertEquals(
    await callsOf(() => {
      quietly(() => tensor([1]).neg());
      assertThrows(() =>
        quietly(() => {
          throw new RangeError("no");
        })
      );
      tensor([1]).abs();
    }),
    ["abs"],
  );
});
