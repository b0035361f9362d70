import type { Backend, BackendName } from "../../kernels/mod.ts";
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
}
