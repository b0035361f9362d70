/**
 * What is known of an operator besides what it computes: inputs to try it with, and what may be asked
 * of its slopes. One entry an operator; checks, random graphs, golden values and the table of operators
 * are made from it.
 *
 * @module
 */
import type { DType, Shape } from "../../core/base/mod.ts";
import type { Attributes } from "../graph/node.ts";
import type { Domain } from "./domain.ts";

/** One input of a sample: its shape, and where its elements come from. */
export interface SampleInput {
  /** Sizes per axis. */
  readonly shape: Shape;
  /** How elements are stored. Left out: `float32`, and every other dtype that the operator takes in turn. */
  readonly dtype?: DType;
  /** Which numbers are drawn. Left out: those of {@linkcode OperatorFacts.domain}. */
  readonly domain?: Domain;
  /** The elements themselves, row by row, where they are not drawn. */
  readonly elements?: readonly number[];
}

/** One call to try: a shape stands for an input of which nothing else is to be said. */
export interface OperatorSample {
  /** The inputs, in the order of the operator's schema. */
  readonly inputs: readonly (Shape | SampleInput)[];
  /** The call's settings. */
  readonly attributes?: Attributes;
}

/**
 * How often an operator can be differentiated with respect to its fractions. `estimated`: its gradient
 * is not its slope, on purpose.
 */
export type Differentiability = "never" | "once" | "twice" | "estimated";

/** What is known of an operator. */
export interface OperatorFacts {
  /** How often it can be differentiated. */
  readonly differentiable: Differentiability;
  /** Where its slope jumps, is not finite or is no slope, in words; samples keep away from there. */
  readonly kinks?: string;
  /**
   * What inputs may be stored as, apart from those whose samples name a dtype; all of them are stored
   * alike here.
   *
   * @default {DTYPES}
   */
  readonly dtypes?: readonly DType[];
  /**
   * Which numbers are drawn for its inputs.
   *
   * @default {AROUND_ZERO}
   */
  readonly domain?: Domain;
  /** Calls to try; at least one. */
  readonly samples: readonly OperatorSample[];
}

/** Facts by name of the operator. */
export type FactsTable = Readonly<Record<string, OperatorFacts>>;
