import { assert, assertEquals } from "@std/assert";
import { BUILTIN_OPERATORS, inputsOf, type Node } from "../ops/mod.ts";
import { BUILTIN_FACTS } from "../ops/check/mod.ts";
import { randomArray } from "./random_array.ts";
import { type RandomGraph, randomGraph } from "./random_graph.ts";

/** A graph of 30 calls for a seed. */
function graphOf(seed: number): RandomGraph {
  const chances = randomArray(4096, seed, { min: 0, max: 1 });
  let next = 0;
  return randomGraph((count) => {
    assert(Number.isInteger(count) && count > 0, `${count} choices`);
    return Math.floor(chances[next++ % 4096]! * count);
  }, { calls: 30 });
}

/** Names of the operators that a graph calls, in the order of the calls. */
function namesIn({ tensors }: RandomGraph): string[] {
  const names: string[] = [];
  const seen = new Set<Node>();
  function visit(node: Node): void {
    if (seen.has(node)) return;
    seen.add(node);
    inputsOf(node).forEach(visit);
    if (node.kind === "apply") names.push(node.operator.name);
  }
  for (const { node } of tensors) visit(node);
  return names;
}

Deno.test("randomGraph() makes the same graph of the same choices", () => {
  const [a, b, c] = [graphOf(1), graphOf(1), graphOf(2)];
  assertEquals(namesIn(a), namesIn(b));
  assertEquals(a.tensors.map(String), b.tensors.map(String));
  assert(`${namesIn(a)}` !== `${namesIn(c)}`);
});

Deno.test("randomGraph() comes to every operator whose slope is its own", () => {
  const names = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    for (const name of namesIn(graphOf(seed))) names.add(name);
  }
  const missing = [...BUILTIN_OPERATORS.keys()].filter((name) =>
    !names.has(name)
  );
  const estimated = [...BUILTIN_FACTS].filter(([, { differentiable }]) =>
    differentiable === "estimated"
  );
  assertEquals(missing.sort(), estimated.map(([name]) => name).sort());
});

Deno.test("randomGraph() makes small tensors, some of them empty", () => {
  const tensors = Array.from({ length: 50 }, (_, seed) => graphOf(seed))
    .flatMap((graph) => graph.tensors);
  assert(tensors.every(({ size, rank }) => size <= 256 && rank <= 6));
  assert(tensors.some(({ size }) => size === 0));
  assert(tensors.some(({ rank }) => rank === 0));
});

Deno.test("randomGraph() gives float32 leaves, to be differentiated with", () => {
  const { leaves } = graphOf(3);
  assert(leaves.length > 0);
  assert(
    leaves.every(({ node, dtype }) =>
      node.kind === "data" && dtype === "float32"
    ),
  );
});
