import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createBackend } from "../../kernels/mod.ts";
import {
  assertClose,
  type BackendCall,
  evaluateTensors,
  randomGraph,
  watchBackend,
  type WatchedBackend,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import type { DataNode, Node } from "../graph/node.ts";
import { realizeOn } from "../realize_tensors.ts";
import { dataOf, realizeNodes } from "./run.ts";

/** A backend that compiles nothing before it is opened. */
function closedBackend(): { backend: WatchedBackend; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const backend = watchBackend(createBackend("reference"), {
    onCall: (call) => call === "compile" ? promise : undefined,
  });
  return { backend, open: resolve };
}

async function listOf({ storage }: DataNode): Promise<number[]> {
  return [...await storage.elements()];
}

Deno.test("realizeNodes() gives data for each node, in order", async () => {
  await using backend = createBackend("reference");
  const x = tensor([1, 2]);
  const nodes = [x.add(1).node, x.node, x.sum().node, zeros([1]).node];
  const data = await realizeNodes(nodes, { backend });
  assertEquals(data.map(({ kind }) => kind), ["data", "data", "data", "data"]);
  assertEquals(data.map(({ type }) => type), nodes.map(({ type }) => type));
  assertEquals(data[1], x.node as DataNode);
  assertEquals(await Promise.all(data.map(listOf)), [[2, 3], [1, 2], [3], [0]]);
});

Deno.test("realizeNodes() runs nothing if everything is there", async () => {
  const calls: BackendCall[] = [];
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => void calls.push(call),
  });
  const x = tensor([1, 2]);
  const y = x.add(1).node;
  const [first] = await realizeNodes([y], { backend });
  calls.length = 0;
  const [second, data] = await realizeNodes([y, x.node], { backend });
  assertEquals(first === second, true);
  assertEquals(data === x.node, true);
  assertEquals(calls, []);
});

Deno.test("realizeNodes() computes again what was disposed", async () => {
  await using backend = createBackend("reference");
  const y = tensor([1, 2]).add(1).node;
  const [first] = await realizeNodes([y], { backend });
  first!.storage[Symbol.dispose]();
  const [second] = await realizeNodes([y], { backend });
  assertEquals(await listOf(second!), [2, 3]);
});

Deno.test.each<{ call: BackendCall }>([
  { call: "allocate" },
  { call: "compile" },
  { call: "run" },
])("realizeNodes() keeps nothing if $call fails", async ({ call }) => {
  let isBroken = false;
  let allocations = 0;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (made) => {
      if (!isBroken || made !== call) return;
      // The first output finds room, the second does not.
      if (call === "allocate" && ++allocations < 2) return;
      throw new RangeError("broken");
    },
  });
  const x = tensor([1, 2]);
  const [y, z] = [x.add(1), x.mul(2)];
  await realizeNodes([x.neg().node], { backend });
  const { liveBuffers } = backend;
  isBroken = true;
  await assertRejects(
    () => realizeOn([y, z], { backend }),
    RangeError,
    "broken",
  );
  assertEquals(backend.liveBuffers, liveBuffers);
  assertEquals(backend.liveExecutables, 0);
  assertEquals([y.node.kind, z.node.kind], ["apply", "apply"]);
  isBroken = false;
  await realizeOn([y, z], { backend });
  assertEquals([await y.array(), await z.array()], [[2, 3], [2, 4]]);
});

Deno.test("realizeNodes() moves what is in another backend, and gives its place back", async () => {
  await using from = watchBackend(createBackend("reference"));
  await using to = watchBackend(createBackend("reference"));
  const x = tensor([1, 2]).add(1);
  await realizeOn([x], { backend: from });
  const liveBuffers = from.liveBuffers;
  const y = x.mul(x);
  await realizeOn([y], { backend: to });
  assertEquals(await y.array(), [4, 9]);
  assertEquals(from.liveBuffers, liveBuffers - 1);
});

Deno.test("realizeNodes() on two backends at once", async () => {
  await using a = watchBackend(createBackend("reference"));
  await using b = watchBackend(createBackend("reference"));
  const x = tensor([1, 2]).add(1);
  await realizeOn([x], { backend: a });
  const [y, z] = [x.mul(2), x.mul(3)];
  await Promise.all([
    realizeOn([y], { backend: b }),
    realizeOn([z], { backend: a }),
  ]);
  assertEquals([await y.array(), await z.array()], [[4, 6], [6, 9]]);
});

Deno.test("realizeNodes() computes with what is disposed while it moves", async () => {
  await using from = watchBackend(createBackend("reference"));
  await using to = watchBackend(createBackend("reference"));
  const source = tensor([1, 2]);
  const x = source.add(1);
  await realizeOn([x], { backend: from });
  source.dispose();
  const y = x.mul(2);
  const moving = realizeOn([y], { backend: to });
  x.dispose();
  await moving;
  assertEquals(await y.array(), [4, 6]);
  y.dispose();
  assertEquals([from.liveBuffers, to.liveBuffers], [0, 0]);
});

Deno.test("realizeNodes() computes with what is disposed while it compiles", async () => {
  const { backend, open } = closedBackend();
  await using _ = backend;
  const x = tensor([1, 2]);
  const y = x.mul(2);
  const running = realizeOn([y], { backend });
  x.dispose();
  open();
  await running;
  assertEquals(await y.array(), [2, 4]);
  y.dispose();
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("realizeNodes() lets go of what it holds if it cannot compile", async () => {
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) =>
      call === "compile" ? Promise.reject(new Error("broken")) : undefined,
  });
  const x = tensor([1, 2]);
  const running = realizeOn([x.mul(2)], { backend });
  x.dispose();
  await assertRejects(() => running, Error, "broken");
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("dataOf() takes data only", () => {
  const x = tensor([1]);
  assertEquals(dataOf(x.node) === x.node, true);
  assertThrows(() => dataOf(x.add(1).node), TensorError);
});

/** Chance for a graph, from a list that can be made shorter and simpler. */
function chooser(choices: readonly number[]): (count: number) => number {
  let next = 0;
  return (count) => (choices[next++ % choices.length]! + next) % count;
}

const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 80 });

/** Asserts that tensors have the elements that were evaluated one call at a time. */
async function assertElements(
  nodes: readonly Node[],
  want: Awaited<ReturnType<typeof evaluateTensors>>,
): Promise<void> {
  for (const [i, { elements }] of want.entries()) {
    const node = nodes[i]!;
    assert(node.kind === "data");
    const options = { tolerance: 1e-12, equalNaN: true };
    assertClose(await node.storage.elements(), elements, options);
  }
}

Deno.test("realizeNodes() computes what evaluate() does, for any graph and its gradients", async () => {
  await fc.assert(
    fc.asyncProperty(choices, async (list) => {
      const choose = chooser(list);
      const { tensors, leaves } = randomGraph(choose, { calls: 16 });
      const loss = tensors.filter(({ dtype }) => dtype === "float32")
        .map((x) => x.sum()).reduce((a, b) => a.add(b));
      const wanted = [...tensors, ...gradients(loss, leaves)]
        .filter((_, i) => i > 20 || choose(3) === 0);
      const want = await evaluateTensors(wanted);
      await using backend = createBackend("reference");
      await realizeOn(wanted, { backend });
      await assertElements(wanted.map(({ node }) => node), want);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("realizeNodes() computes the same in steps as at once, for any graph", async () => {
  await fc.assert(
    fc.asyncProperty(choices, async (list) => {
      const { tensors } = randomGraph(chooser(list));
      const last = tensors.slice(-3);
      const want = await evaluateTensors(last);
      await using backend = watchBackend(createBackend("reference"));
      for (const x of tensors.toReversed().filter((_, i) => i % 4 === 3)) {
        await realizeOn([x], { backend });
      }
      await realizeOn(last, { backend });
      await assertElements(last.map(({ node }) => node), want);
    }),
    { seed: 1, numRuns: 60 },
  );
});
