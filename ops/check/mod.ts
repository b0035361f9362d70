/**
 * Checks of operators against their own promises, and what is known of the built-in ones.
 *
 * @module
 */

export type { Domain } from "./domain.ts";
export {
  type DrawnInput,
  type DrawnSample,
  type DrawOptions,
  drawSample,
} from "./draw_sample.ts";
export { opcheck } from "./opcheck.ts";
export type { OpcheckOptions } from "./opcheck_options.ts";
export { printOpcheck } from "./print_report.ts";
export type {
  CaseKind,
  FailingInput,
  OpcheckFailure,
  OpcheckProperty,
  OpcheckReport,
  OpcheckResult,
} from "./report.ts";
export type {
  Differentiability,
  OperatorFacts,
  OperatorSample,
  SampleInput,
} from "./sample.ts";
export { BUILTIN_FACTS } from "./samples/all.ts";
