/**
 * What a property of an operator is asked with, and what it answers.
 *
 * @module
 */
import type { DType } from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/mod.ts";
import type { Operator } from "../graph/node.ts";
import type { DrawnSample } from "./draw_sample.ts";
import type { CaseKind, OpcheckProperty } from "./report.ts";
import type { Differentiability } from "./sample.ts";

/** What does not change from one call to the next. */
export interface CheckContext {
  /** The operator. */
  readonly operator: Operator;
  /** The backend that computes in `float64`. */
  readonly reference: Backend;
  /** The backends that are held against it. */
  readonly backends: readonly Backend[];
  /** What was said of its slopes, if anything. */
  readonly differentiable: Differentiability | undefined;
  /** What was said of the dtypes it takes, if anything. */
  readonly dtypes: readonly DType[] | undefined;
  /** What elements and directions are drawn with. */
  readonly seed: number;
}

/** What a property found with one call. */
export interface Finding {
  /** What was found and wanted, if it does not hold. */
  readonly problem?: string;
  /** What to do about it. */
  readonly advice?: string;
  /** How far it was from holding, where that is a number. */
  readonly error?: number;
  /** Why it could not be asked. */
  readonly skipped?: string;
}

/** One thing that is asked of an operator. */
export interface Property {
  /** What it is called. */
  readonly name: OpcheckProperty;
  /** Which calls it is asked with. */
  readonly cases: readonly CaseKind[];
  /**
   * Asks with one call.
   *
   * @param call The call.
   * @param context What else there is to know.
   * @returns What was found; what is thrown is a problem too.
   */
  check(call: DrawnSample, context: CheckContext): Promise<Finding>;
}
