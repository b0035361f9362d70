import type { Backend, BackendName } from "../../kernels/mod.ts";
import type { CaseKind, OpcheckProperty } from "./report.ts";
import type { OperatorFacts } from "./sample.ts";

/** Options of `opcheck`: what is known of the operator, and how it is checked. */
export interface OpcheckOptions
  extends Partial<Omit<OperatorFacts, "samples">> {
  /**
   * What elements, directions and generated samples are drawn with: a whole number from 0.
   *
   * @default {0}
   */
  readonly seed?: number;
  /**
   * What is held against the reference: backends, or their names. A named one that this machine does
   * not have is left out, and the report says so.
   *
   * @default {["wasm", "webgpu"]}
   */
  readonly backends?: readonly (Backend | BackendName)[];
  /** What is asked. Left out: everything. */
  readonly properties?: readonly OpcheckProperty[];
  /** Which calls are tried. Left out: the samples, in every dtype, and without elements. */
  readonly cases?: readonly CaseKind[];
}
