/**
 * What a descent must have found: its loss, and how the loss changes along one direction of all that
 * is learned, by differences.
 *
 * @module
 */
import { formulaResult } from "./formula.ts";
import { mapRows, softmax } from "./rows.ts";
import { sizeOf } from "../inputs.ts";
import { shapesOf } from "../shapes.ts";
import type { DescentWorkload } from "../workload.ts";

/** Half the distance, in each component, of the two points between which the slope is taken. */
const STEP = 1e-8;

/**
 * The direction along which slopes are compared, the same for everybody.
 *
 * @param place Number of the input, and of its element.
 * @returns Its component there, between -1 and 1.
 */
export function direction([input, element]: readonly [number, number]): number {
  return Math.sin(1 + 7 * input + 0.37 * element);
}

function lossOf(
  workload: DescentWorkload,
  inputs: readonly ArrayLike<number>[],
): number {
  const data = formulaResult(workload, inputs);
  const shape = shapesOf(workload).at(-1)!;
  if (workload.loss === "squares") {
    return data.reduce((sum, x) => sum + x * x / 2, 0) / sizeOf(shape);
  }
  const targets = inputs.at(-1)!;
  return mapRows({ shape, data }, softmax).reduce(
    (sum, share, i) => targets[i]! > 0 ? sum - Math.log(share) : sum,
    0,
  ) / shape[0]!;
}

/**
 * Computes a loss and its slope along {@linkcode direction}.
 *
 * @param workload The descent.
 * @param inputs What it starts from.
 * @returns The two numbers.
 */
export function descentResult(
  workload: DescentWorkload,
  inputs: readonly Float32Array[],
): [loss: number, slope: number] {
  const [ahead, behind] = [STEP, -STEP].map((step) =>
    lossOf(
      workload,
      inputs.map((data, i) =>
        workload.learned.includes(i)
          ? Float64Array.from(data, (x, at) => x + step * direction([i, at]))
          : data
      ),
    )
  ) as [number, number];
  return [lossOf(workload, inputs), (ahead - behind) / (2 * STEP)];
}

/**
 * Reads the same two numbers off a contestant's first step.
 *
 * @param workload The descent.
 * @param step The loss that it started from, and what was learned before and after it.
 * @returns The two numbers.
 */
export function descentFound(
  { learned, learningRate }: DescentWorkload,
  { loss, before, after }: {
    readonly loss: number;
    readonly before: readonly ArrayLike<number>[];
    readonly after: readonly ArrayLike<number>[];
  },
): Float32Array {
  let slope = 0;
  for (const [place, input] of learned.entries()) {
    const [from, to] = [before[place]!, after[place]!];
    for (let at = 0; at < from.length; at++) {
      slope += direction([input, at]) * (from[at]! - to[at]!) / learningRate;
    }
  }
  return Float32Array.of(loss, slope);
}
