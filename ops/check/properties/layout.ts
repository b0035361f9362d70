import { flip } from "../../builtin/flip.ts";
import type { Node } from "../../graph/node.ts";
import { compareElements, computeOn, record, toNodes } from "../compute.ts";
import type { DrawnInput } from "../draw_sample.ts";
import type { Property } from "../property.ts";

/** It does not matter how inputs lie in memory: backwards, behind a view that turns them round, they mean the same. */
export const layoutProperty: Property = {
  name: "layout",
  cases: ["samples"],
  async check(call, { operator, reference, backends }) {
    const inputs = call.inputs.map(backwards);
    for (const backend of [reference, ...backends]) {
      const [found, want] = await computeOn(backend, [
        record(operator, call, inputs),
        record(operator, call),
      ]);
      const { index } = compareElements(found!, want!, 1e-6);
      if (index === -1) continue;
      return {
        problem: `on ${backend.name}: found ${
          found![index]
        } at ${index} for inputs behind a view, wanted ${
          want![index]
        } as for the same inputs in order`,
        advice:
          "let kernels read inputs by their strides and offsets, or bring them into order first",
      };
    }
    return {};
  },
};

/** The same elements, stored from the last to the first. */
function backwards(input: DrawnInput): Node {
  const turned = { ...input, elements: input.elements.toReversed() };
  const [node] = toNodes([turned]) as [Node];
  return input.shape.length === 0
    ? node
    : flip(node, input.shape.map((_, axis) => axis));
}
