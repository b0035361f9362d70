/**
 * Slopes against central differences, in `float64` on the reference, along random directions: one
 * number a direction, whatever the number of inputs.
 *
 * @module
 */
import { isCoded } from "../../../core/base/mod.ts";
import { gradientsOf } from "../../autograd/gradient.ts";
import { add, mul } from "../../builtin/binary.ts";
import { constant, type Node } from "../../graph/node.ts";
import { quietly } from "../../observe_calls.ts";
import { computeOn, toNodes } from "../compute.ts";
import type { DrawnSample } from "../draw_sample.ts";
import type { CheckContext, Finding, Property } from "../property.ts";
import {
  directionsOf,
  dot,
  hasSlope,
  targetsOf,
  weightedSum,
  whyWithoutSlope,
} from "../slopes.ts";

/** Largest gaps between slopes and central differences, relative above 1. */
const FIRST_TOLERANCE = 1e-6;
const SECOND_TOLERANCE = 1e-5;

/** Half the distance that differences are taken over: near the cube root of the rounding error. */
const STEP = 2 ** -17;

/** Directions that slopes are taken along. */
const DIRECTIONS = 2;

/** The gradient is the slope. */
export const firstGradientProperty: Property = {
  name: "firstGradient",
  cases: ["samples"],
  async check(call, context) {
    const skipped = whyWithoutSlope(call, context);
    if (skipped !== undefined) return { skipped };
    return await compareSlopes(call, context, {
      value: (inputs) => weightedSum(call, inputs, context),
      tolerance: FIRST_TOLERANCE,
      isPromised: context.differentiable !== "never",
    });
  },
};

/** The gradient of the gradient is its slope. */
export const secondGradientProperty: Property = {
  name: "secondGradient",
  cases: ["samples"],
  async check(call, context) {
    const skipped = whyWithoutSlope(call, context);
    if (skipped !== undefined) return { skipped };
    if (context.differentiable === "never") {
      return { skipped: "it has no slope" };
    }
    const directions = directionsOf(call, context.seed + 101);
    return await compareSlopes(call, context, {
      value: (inputs) =>
        dot(
          gradientsOf(
            weightedSum(call, inputs, context),
            targetsOf(call, inputs),
          ),
          directions,
        ),
      tolerance: SECOND_TOLERANCE,
      isPromised: context.differentiable !== "once",
    });
  },
};

/** A number that depends on inputs, and how its slope is judged. */
interface Slope {
  value(inputs: readonly Node[]): Node;
  readonly tolerance: number;
  /** Whether there must be a gradient, rather than must not. */
  readonly isPromised: boolean;
}

async function compareSlopes(
  call: DrawnSample,
  { reference, seed, differentiable }: CheckContext,
  { value, tolerance, isPromised }: Slope,
): Promise<Finding> {
  const inputs = toNodes(call.inputs);
  const nodes: Node[] = [];
  try {
    for (let i = 0; i < DIRECTIONS; i++) {
      const directions = directionsOf(call, seed + 31 * (i + 1));
      quietly(() =>
        nodes.push(
          dot(gradientsOf(value(inputs), targetsOf(call, inputs)), directions),
          value(moved(call, inputs, { directions, by: STEP })),
          value(moved(call, inputs, { directions, by: -STEP })),
        )
      );
    }
  } catch (error) {
    const isAbsent = isCoded(error) && error.code === "NOT_DIFFERENTIABLE";
    if (!isAbsent || (isPromised && differentiable !== undefined)) throw error;
    return isPromised ? { skipped: error.message } : {};
  }
  if (!isPromised) {
    return {
      problem: `found a gradient, wanted none as declared "${differentiable}"`,
      advice: "declare how often it can be differentiated as `differentiable`",
    };
  }
  return judge((await computeOn(reference, nodes)).map(([x]) => x!), tolerance);
}

/** Inputs, a little way along directions. */
function moved(
  call: DrawnSample,
  inputs: readonly Node[],
  { directions, by }: {
    readonly directions: readonly Node[];
    readonly by: number;
  },
): Node[] {
  let next = 0;
  return inputs.map((input, i) =>
    hasSlope(call.inputs[i]!)
      ? add(
        input,
        mul(directions[next++]!, constant(by, { dtype: "float32", shape: [] })),
      )
      : input
  );
}

function judge(numbers: readonly number[], tolerance: number): Finding {
  let worst = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    const [slope, above, below] = numbers.slice(i, i + 3) as [
      number,
      number,
      number,
    ];
    const want = (above - below) / (2 * STEP);
    const error = Math.abs(slope - want) / Math.max(1, Math.abs(want));
    if (!(error <= tolerance)) {
      return {
        problem: `found slope ${slope} along direction ${
          i / 3
        }, wanted ${want} by central differences (gap ${
          error.toExponential(1)
        }, at most ${tolerance})`,
        advice: Number.isNaN(want)
          ? "give samples a domain in which the result is finite"
          : "correct the vjp, or leave it out where there is a forward function; keep samples away from where the slope jumps",
        error,
      };
    }
    worst = Math.max(worst, error);
  }
  return { error: worst };
}
