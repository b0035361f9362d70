// Every built-in operator comes back from a graph file. The oracle is the call before it was saved.

import { assertEquals } from "@std/assert";
import { BUILTIN_FACTS, drawSample } from "../../ops/check/mod.ts";
import { apply, BUILTIN_OPERATORS, Tensor, tensor } from "../../ops/mod.ts";
import { computeElements } from "../../testing/mod.ts";
import { encodeGraph } from "./encode_graph.ts";
import { parseGraph } from "./parse_graph.ts";

Deno.test("parseGraph() gives back every built-in operator, bit for bit", async (t) => {
  for (const [name, operator] of BUILTIN_OPERATORS) {
    await t.step(name, async () => {
      const facts = BUILTIN_FACTS.get(name)!;
      for (const sample of facts.samples) {
        const { inputs, attributes } = drawSample(sample, facts);
        const given = Object.fromEntries(
          inputs.map(({ elements, shape, dtype }, i) => [
            `x${i}`,
            // As it is saved: a Float64Array would keep digits that no file does.
            tensor([...elements], { dtype }).reshape(shape),
          ]),
        );
        const nodes = Object.values(given).map(({ node }) => node);
        const y = new Tensor(apply(operator, nodes, attributes));
        const want = await computeElements(y);
        const open = await encodeGraph({ y }, { inputs: given });
        const supplied = (await parseGraph(open)).call(given);
        const closed = await encodeGraph({ y });
        const saved = (await parseGraph(closed)).call({});
        for (const { y: found } of [supplied, saved]) {
          assertEquals(found!.shape, y.shape);
          assertEquals(found!.dtype, y.dtype);
          assertEquals(await computeElements(found!), want);
        }
      }
    });
  }
});
