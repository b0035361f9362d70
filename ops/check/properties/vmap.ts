import type { Operator } from "../../graph/node.ts";
import { stack } from "../../join_tensors.ts";
import { Tensor } from "../../tensor.ts";
import { vmap } from "../../transforms/vmap.ts";
import { compareElements, computeOn, record, toNodes } from "../compute.ts";
import type { DrawnSample } from "../draw_sample.ts";
import type { Property } from "../property.ts";

/** Sums may be taken in another order. */
const TOLERANCE = 1e-9;

/** Many examples at once give what one after the other does, whichever inputs they share. */
export const vmapProperty: Property = {
  name: "vmap",
  cases: ["samples"],
  async check(call, { operator, reference }) {
    const { length } = call.inputs;
    if (length === 0) return { skipped: "it has no inputs" };
    // Examples along the first axis of all inputs, and along the last of one of them alone.
    const ways = [
      call.inputs.map(() => 0),
      ...length < 2
        ? []
        : call.inputs.map((_, i) =>
          call.inputs.map((input, k) => i === k ? input.shape.length : null)
        ),
    ];
    for (const inAxes of ways) {
      const { all, each } = examplesOf(operator, call, inAxes);
      const [found, want] = await computeOn(reference, [all.node, each.node]);
      const { index } = compareElements(found!, want!, TOLERANCE);
      if (found!.length === want!.length && index === -1) continue;
      return {
        problem: `found ${found![index] ?? `${found!.length} elements`} at ${
          Math.max(index, 0)
        } for two examples at once along axes ${
          JSON.stringify(inAxes)
        }, wanted ${want![index] ?? want!.length} as one after the other`,
        advice:
          "let the function use operators that vmap rewrites, with axes counted from where its own inputs have them",
      };
    }
    return {};
  },
};

/** Two examples: the elements in order, and the other way round. */
function examplesOf(
  operator: Operator,
  call: DrawnSample,
  inAxes: readonly (number | null)[],
): { readonly all: Tensor; readonly each: Tensor } {
  const turned = call.inputs.map((input, i) =>
    inAxes[i] === null
      ? input
      : { ...input, elements: input.elements.toReversed() }
  );
  const [first, second] = [call.inputs, turned].map((inputs) =>
    toNodes(inputs).map((node) => new Tensor(node))
  ) as [Tensor[], Tensor[]];
  function run(...tensors: readonly Tensor[]): Tensor {
    return new Tensor(record(operator, call, tensors.map(({ node }) => node)));
  }
  const batched = first.map((x, i) => {
    const axis = inAxes[i];
    return axis === null ? x : stack([x, second[i]!], axis);
  });
  return {
    all: vmap(run, { inAxes })(...batched),
    each: stack([run(...first), run(...second)]),
  };
}
