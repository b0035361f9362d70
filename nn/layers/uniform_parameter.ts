import type { RandomKey, Shape } from "../../core/base/mod.ts";
import { randomUniform } from "../../ops/mod.ts";
import {
  initialize,
  type InitializeOptions,
  type Initializer,
} from "../initializers/initializer.ts";
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

/**
 * Makes a parameter that starts by a rule, or uniform where there is none.
 *
 * @param shape Its shape.
 * @param initializer The rule, if there is one.
 * @param options What the rule's numbers depend on, and the bound where there is none.
 * @returns The parameter.
 * @throws {OptionError} `INVALID_OPTION` if the rule's settings are wrong.
 */
export function initialParameter(
  shape: Shape,
  initializer: Initializer | undefined,
  options: InitializeOptions & UniformStart,
): Parameter {
  return initializer === undefined
    ? uniformParameter(shape, options)
    : new Parameter(initialize(shape, initializer, options));
}
