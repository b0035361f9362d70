import type { Attributes, TensorType } from "../../ops/mod.ts";
import type { DenseArray } from "../dense_array.ts";

/** One call of a primitive operator, with its inputs computed. */
export interface DefinedCall {
  /** The inputs, in the order of the operator's schema. */
  readonly inputs: readonly DenseArray[];
  /** The call's settings. */
  readonly attributes: Attributes;
  /** The dtype and shape that the operator inferred. */
  readonly type: TensorType;
}

/** What a primitive operator means: the elements of a call, row by row. */
export type Definition = (call: DefinedCall) => Float64Array;
