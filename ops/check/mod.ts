/**
 * Checks of operators: what is known of the built-in ones, and inputs to try them with.
 *
 * @module
 */

export { type Domain } from "./domain.ts";
export {
  type DrawnInput,
  type DrawnSample,
  type DrawOptions,
  drawSample,
} from "./draw_sample.ts";
export type {
  Differentiability,
  OperatorFacts,
  OperatorSample,
  SampleInput,
} from "./sample.ts";
export { BUILTIN_FACTS } from "./samples/all.ts";
