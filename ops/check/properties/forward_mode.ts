import { isCoded } from "../../../core/base/mod.ts";
import { gradientsOf } from "../../autograd/gradient.ts";
import type { Node } from "../../graph/node.ts";
import { quietly } from "../../observe_calls.ts";
import { Tensor } from "../../tensor.ts";
import { jvp } from "../../transforms/jvp.ts";
import { compareElements, computeOn, toNodes } from "../compute.ts";
import type { DrawnSample } from "../draw_sample.ts";
import type { CheckContext, Property } from "../property.ts";
import {
  directionsOf,
  dot,
  hasSlope,
  targetsOf,
  weightedSum,
  whyWithoutSlope,
} from "../slopes.ts";

/** Both sums are those of the same products, in another order. */
const TOLERANCE = 1e-9;

/** Both directions agree: how fast a weighted sum of the outputs changes is the same, forwards and backwards. */
export const forwardModeProperty: Property = {
  name: "forwardMode",
  cases: ["samples"],
  async check(call, context) {
    const skipped = whyWithoutSlope(call, context);
    if (skipped !== undefined) return { skipped };
    const inputs = toNodes(call.inputs);
    const directions = directionsOf(call, context.seed + 7);
    let nodes: Node[];
    try {
      nodes = quietly(() => [
        forwards(call, { inputs, directions }, context),
        dot(
          gradientsOf(
            weightedSum(call, inputs, context),
            targetsOf(call, inputs),
          ),
          directions,
        ),
      ]);
    } catch (error) {
      if (!isCoded(error) || error.code !== "NOT_DIFFERENTIABLE") throw error;
      return { skipped: error.message };
    }
    const [[found], [want]] = await computeOn(context.reference, nodes) as [
      Float64Array,
      Float64Array,
    ];
    const { index, error } = compareElements([found!], [want!], TOLERANCE);
    return index === -1 ? { error } : {
      problem: `found slope ${found} forwards, wanted ${want} as backwards`,
      advice: "let the vjp be linear in the gradient that it is given",
      error,
    };
  },
};

/** The slope of a weighted sum of the outputs along directions, in forward mode. */
function forwards(
  call: DrawnSample,
  { inputs, directions }: {
    readonly inputs: readonly Node[];
    readonly directions: readonly Node[];
  },
  context: CheckContext,
): Node {
  const { tangent } = jvp(
    (...targets) => {
      let next = 0;
      const all = inputs.map((input, i) =>
        hasSlope(call.inputs[i]!) ? targets[next++]!.node : input
      );
      return new Tensor(weightedSum(call, all, context));
    },
    targetsOf(call, inputs).map((node) => new Tensor(node)),
    directions.map((node) => new Tensor(node)),
  );
  return tangent.node;
}
