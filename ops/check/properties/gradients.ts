/**
 * Slopes against central differences, in `float64` on the reference, along random directions: one
 * number a direction, whatever the number of inputs. Where they are apart, each element is asked for
 * its own slope, so that the report names it.
 *
 * @module
 */
import { isCoded, type Shape } from "../../../core/base/mod.ts";
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

/** How many elements of an input are looked at one by one, once a slope is wrong. */
const ELEMENTS_MAX = 64;

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
  context: CheckContext,
  slope: Slope,
): Promise<Finding> {
  const { seed, differentiable } = context;
  const { tolerance, isPromised } = slope;
  const drawn = Array.from(
    { length: DIRECTIONS },
    (_, i) => directionsOf(call, seed + 31 * (i + 1)),
  );
  let nodes: Node[];
  try {
    nodes = recordAlong(drawn, call, slope);
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
  const gaps = await computeGaps(context, nodes);
  const place = gaps.findIndex(({ error }) => !(error <= tolerance));
  if (place === -1) return { error: Math.max(...gaps.map((gap) => gap.error)) };
  const element = await findElement(call, context, slope);
  return element ?? problemAt(`along direction ${place}`, gaps[place]!, slope);
}

/** A slope beside the difference that it should be. */
interface Gap {
  readonly slope: number;
  readonly want: number;
  /** Relative above 1. */
  readonly error: number;
}

/** What is to be computed to compare slopes with differences: three numbers a direction. */
function recordAlong(
  directions: readonly (readonly Node[])[],
  call: DrawnSample,
  { value }: Slope,
): Node[] {
  const inputs = toNodes(call.inputs);
  return quietly(() =>
    directions.flatMap((along) => [
      dot(gradientsOf(value(inputs), targetsOf(call, inputs)), along),
      value(moved(call, inputs, { directions: along, by: STEP })),
      value(moved(call, inputs, { directions: along, by: -STEP })),
    ])
  );
}

async function computeGaps(
  { reference }: CheckContext,
  nodes: readonly Node[],
): Promise<Gap[]> {
  const numbers = (await computeOn(reference, nodes)).map(([x]) => x!);
  return Array.from({ length: numbers.length / 3 }, (_, i) => {
    const [slope, above, below] = numbers.slice(3 * i);
    const want = (above! - below!) / (2 * STEP);
    const error = Math.abs(slope! - want) / Math.max(1, Math.abs(want));
    return { slope: slope!, want, error };
  });
}

/** Finds an element whose own slope is wrong, among the first of each input. */
async function findElement(
  call: DrawnSample,
  context: CheckContext,
  slope: Slope,
): Promise<Finding | undefined> {
  const places: string[] = [];
  const units: Node[][] = [];
  const targets = call.inputs.filter(hasSlope);
  for (const target of targets) {
    for (const at of target.elements.keys().take(ELEMENTS_MAX)) {
      const index = unravel(at, target.shape);
      const input = call.inputs.indexOf(target);
      places.push(`at element [${index}] of input ${input}`);
      units.push(toNodes(targets.map((other) => ({
        ...other,
        elements: other.elements.map((_, i) =>
          other === target && i === at ? 1 : 0
        ),
      }))));
    }
  }
  const gaps = await computeGaps(context, recordAlong(units, call, slope));
  const found = gaps.findIndex(({ error }) => !(error <= slope.tolerance));
  return gaps[found] && problemAt(places[found]!, gaps[found], slope);
}

/** Where in an array an element stands, axis by axis. */
function unravel(at: number, shape: Shape): number[] {
  let rest = at;
  return shape.toReversed().map((size) => {
    const index = rest % size;
    rest = (rest - index) / size;
    return index;
  }).reverse();
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

function problemAt(
  place: string,
  { slope, want, error }: Gap,
  { tolerance }: Slope,
): Finding {
  return {
    problem:
      `found slope ${slope} ${place}, wanted ${want} by central differences (gap ${
        error.toExponential(1)
      }, at most ${tolerance})`,
    advice: Number.isNaN(want)
      ? "give samples a domain in which the result is finite"
      : "correct the vjp, or leave it out where there is a forward function; keep samples away from where the slope jumps",
    error,
  };
}
