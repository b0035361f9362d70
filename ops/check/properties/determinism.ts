import { decompose } from "../../decompose.ts";
import { type ApplyNode, type Node, placeholder } from "../../graph/node.ts";
import { encodeTrace } from "../../trace/encode_trace.ts";
import { compareElements, computeOn, record } from "../compute.ts";
import type { DrawnSample } from "../draw_sample.ts";
import type { CheckContext, Finding, Property } from "../property.ts";

/** The same call is the same graph and gives the same bits, each time. */
export const determinismProperty: Property = {
  name: "determinism",
  cases: ["samples"],
  async check(call, context) {
    const { operator, reference, backends } = context;
    const impure = graphFinding(call, context);
    if (impure) return impure;
    for (const backend of [reference, ...backends]) {
      const [want] = await computeOn(backend, [record(operator, call)]);
      const [found] = await computeOn(backend, [record(operator, call)]);
      const { index } = compareElements(found!, want!, 0);
      if (index === -1) continue;
      return {
        problem: `on ${backend.name}: found ${
          found![index]
        } at ${index} the second time, wanted ${
          want![index]
        } as the first time`,
        advice:
          "take chance from an attribute, such as a key, and let kernels write every element of their output",
      };
    }
    return {};
  },
};

/** Whether a composite describes itself differently the second time. */
function graphFinding(
  call: DrawnSample,
  { operator }: CheckContext,
): Finding | undefined {
  if (operator.kind !== "composite") return undefined;
  const inputs = call.inputs.map((type, i) => placeholder(`${i}`, type));
  const node = record(operator, call, inputs) as ApplyNode;
  const [first, second] = [0, 1].map(() =>
    textOf(decompose(operator, node), inputs)
  ) as [string, string];
  if (first === second) return undefined;
  const at = [...first].findIndex((character, i) => character !== second[i]);
  return {
    problem: `found …${
      second.slice(at, at + 40)
    } in the second trace, wanted …${first.slice(at, at + 40)} as in the first`,
    advice:
      "let the function describe the same computation each time: no chance, no clocks, no counters",
  };
}

function textOf(output: Node, inputs: readonly Node[]): string {
  return JSON.stringify(encodeTrace({
    inputs: inputs.map((node, i) => [`${i}`, node] as const),
    outputs: [output],
  }));
}
