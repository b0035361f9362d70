/**
 * What tests need, ours and those of plugins: comparisons, oracles, seeded data, a host in memory, and what
 * every backend and source of data promises.
 *
 * @module
 */

export {
  assertClose,
  type AssertCloseOptions,
  AssertionError,
} from "./assert_close.ts";
export {
  assertGradients,
  type AssertGradientsOptions,
} from "./assert_gradients.ts";
export {
  computeElements,
  type ComputeElementsOptions,
} from "./compute_elements.ts";
export {
  backendCases,
  type BackendCasesOptions,
} from "./conformance/backend_cases.ts";
export type { ConformanceCase } from "./conformance/conformance_case.ts";
export { dataCases, type DataCasesOptions } from "./conformance/data_cases.ts";
export type { DenseArray } from "./dense_array.ts";
export { evaluate, type EvaluateOptions, evaluateTensors } from "./evaluate.ts";
export {
  isolationCases,
  type IsolationCasesOptions,
} from "./host/isolation_cases.ts";
export {
  createTestHost,
  type HeardEvent,
  TestHost,
  type TestHostOptions,
} from "./host/test_host.ts";
export {
  numericGradient,
  type NumericGradientOptions,
} from "./numeric_gradient.ts";
export { randomArray, type RandomArrayOptions } from "./random_array.ts";
export {
  opcheck,
  type OpcheckOptions,
  type OpcheckReport,
  printOpcheck,
} from "../ops/check/mod.ts";
export {
  type RandomGraph,
  randomGraph,
  type RandomGraphOptions,
} from "./random_graph.ts";
export { verifyProgram } from "./verify_program.ts";
export {
  type BackendCall,
  watchBackend,
  type WatchedBackend,
  type WatchOptions,
} from "./watch_backend.ts";
