import type { RandomKey, Shape } from "../../core/base/mod.ts";
import { randomUniform } from "../../ops/mod.ts";
import { Parameter } from "../parameter.ts";

/** Where a parameter starts. */
export interface UniformStart {
  /** How far from 0 its elements may lie. */
  readonly bound: number;
  /** What they depend on. */
  readonly key: RandomKey;
}

/**
 * Makes a parameter that starts uniform between `-bound` and `bound`.
 *
 * @param shape Its shape.
 * @param start The bound and the key.
 * @returns The parameter.
 */
export function uniformParameter(
  shape: Shape,
  { bound, key }: UniformStart,
): Parameter {
  return new Parameter(
    randomUniform(shape, { key }).mul(2 * bound).sub(bound),
  );
}
