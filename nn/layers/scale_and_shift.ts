import type { Shape } from "../../core/base/mod.ts";
import { ones, type Tensor, zeros } from "../../ops/mod.ts";
import { Parameter } from "../parameter.ts";
import type { NormConfig } from "./norm_config.ts";

/** What is learned after a norm: a factor and a number to add for each feature. */
export interface ScaleAndShift {
  /** The factors, which start with 1. */
  readonly weight: Parameter | undefined;
  /** What is added, which starts with 0. */
  readonly bias: Parameter | undefined;
}

/**
 * Makes factors and what is added.
 *
 * @param settings How many there are of each, if there are any.
 * @returns Both, or neither.
 */
export function scaleAndShift(
  { features, affine }: Pick<Required<NormConfig>, "features" | "affine">,
): ScaleAndShift {
  if (!affine) return { weight: undefined, bias: undefined };
  return {
    weight: new Parameter(ones([features])),
    bias: new Parameter(zeros([features])),
  };
}

/**
 * Describes what comes of scaling and moving features.
 *
 * @param x The features.
 * @param learned What they are scaled and moved by.
 * @param shape The shape in which that is to be seen, so that it fits the features.
 * @returns `x weight + bias`, or `x` where nothing is learned.
 */
export function applyScaleAndShift(
  x: Tensor,
  { weight, bias }: ScaleAndShift,
  shape: Shape,
): Tensor {
  const scaled = weight ? x.mul(weight.reshape(shape)) : x;
  return bias ? scaled.add(bias.reshape(shape)) : scaled;
}
