/**
 * What checks of slopes have in common: where there are some, along which directions, and of which number.
 *
 * @module
 */
import { isFloatDType } from "../../core/base/mod.ts";
import { add, mul } from "../builtin/binary.ts";
import { reduce } from "../builtin/reduce.ts";
import type { Node } from "../graph/node.ts";
import { record, toNodes } from "./compute.ts";
import { drawElements } from "./domain.ts";
import type { DrawnInput, DrawnSample } from "./draw_sample.ts";
import type { CheckContext } from "./property.ts";

/**
 * Tells why there is no slope to look at.
 *
 * @param call The call.
 * @param context The operator, and what was said of its slopes.
 * @returns The reason; `undefined` if there is one.
 */
export function whyWithoutSlope(
  call: DrawnSample,
  { operator, differentiable }: CheckContext,
): string | undefined {
  if (differentiable === "estimated") {
    return "its gradient is an estimate, not its slope";
  }
  if (!call.inputs.some(hasSlope)) return "no input is float32";
  if (!isFloatDType(record(operator, call).type.dtype)) {
    return "its output holds no fractions";
  }
  return undefined;
}

/**
 * Tells whether slopes are taken with respect to an input: half types round what differences are made of.
 *
 * @param input The input.
 * @returns Whether they are.
 */
export function hasSlope({ dtype }: DrawnInput): boolean {
  return dtype === "float32";
}

/**
 * Picks the inputs that slopes are taken with respect to.
 *
 * @param call The call.
 * @param inputs Its inputs.
 * @returns Those of them.
 */
export function targetsOf(call: DrawnSample, inputs: readonly Node[]): Node[] {
  return inputs.filter((_, i) => hasSlope(call.inputs[i]!));
}

/**
 * Records a call and takes its output as one number, in which each element has a weight of its own.
 *
 * @param call The call.
 * @param inputs Its inputs, as nodes.
 * @param context The operator, and the seed of the weights.
 * @returns The number.
 */
export function weightedSum(
  call: DrawnSample,
  inputs: readonly Node[],
  { operator, seed }: CheckContext,
): Node {
  const y = record(operator, call, inputs);
  const type = { shape: y.type.shape, dtype: "float32" } as const;
  const weights = drawElements({ min: 0.5, max: 1.5 }, type, seed + 11);
  return dot([y], toNodes([{ ...type, elements: weights, isPinned: true }]));
}

/**
 * Draws a direction.
 *
 * @param call The call.
 * @param seed A whole number from 0.
 * @returns One node for each input that slopes are taken with respect to.
 */
export function directionsOf(call: DrawnSample, seed: number): Node[] {
  return toNodes(
    call.inputs.filter(hasSlope).map((input, i) => ({
      ...input,
      // Not near 0, where a wrong slope would not show.
      elements: drawElements({ min: -1, max: 1 }, input, seed + i)
        .map((x) => x + Math.sign(x) / 2),
    })),
  );
}

/**
 * Adds up products, over all elements of all pairs.
 *
 * @param left One of each pair.
 * @param right The others.
 * @returns The sum.
 */
export function dot(left: readonly Node[], right: readonly Node[]): Node {
  return left.map((node, i) =>
    reduce("sum", mul(node, right[i]!), { axes: null, keepDims: false })
  ).reduce(add);
}
