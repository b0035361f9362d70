/**
 * What a check of an operator found: plain data, so that it can be stored, sent and compared.
 *
 * @module
 */
import type { DType, Shape } from "../../core/base/mod.ts";
import type { Attributes } from "../graph/node.ts";
import type { TraceNumber } from "../trace/trace.ts";

/** What is asked of an operator. */
export type OpcheckProperty =
  | "schema"
  | "inference"
  | "layout"
  | "determinism"
  | "roundTrip"
  | "firstGradient"
  | "secondGradient"
  | "forwardMode"
  | "vmap"
  | "backends";

/** Which calls are tried: samples as they are, in other dtypes, and with no elements along an axis. */
export type CaseKind = "dtypes" | "empty" | "samples";

/** An input with which a property does not hold. */
export interface FailingInput {
  /** How elements are stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
  /** The elements, row by row. */
  readonly elements: readonly TraceNumber[];
}

/** How a property fails. */
export interface OpcheckFailure {
  /** What was found and what was wanted. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /** Which of the samples it was, counted from 0. */
  readonly sample: number;
  /** Which of the outputs it was, counted from 0, where the operator has several. */
  readonly output?: number;
  /** The smallest inputs found with which it fails. */
  readonly inputs: readonly FailingInput[];
  /** The settings of that call. */
  readonly attributes: Attributes;
}

/** Whether one property holds. */
export interface OpcheckResult {
  /** The property. */
  readonly property: OpcheckProperty;
  /** Whether it holds, or could not be asked. */
  readonly status: "passed" | "failed" | "skipped";
  /** How many calls were tried. */
  readonly cases: number;
  /** The largest error among them, relative above 1, where there is one. */
  readonly worstError?: number;
  /** Why it was not asked, or not everywhere. */
  readonly reason?: string;
  /** How it fails. */
  readonly failure?: OpcheckFailure;
}

/** What is known of an operator after {@linkcode opcheck}. */
export interface OpcheckReport {
  /** Name of the operator. */
  readonly operator: string;
  /** The seed that elements and directions were drawn with. */
  readonly seed: number;
  /** Whether no property fails. */
  readonly ok: boolean;
  /** One result a property, in the order in which they were asked. */
  readonly results: readonly OpcheckResult[];
}
