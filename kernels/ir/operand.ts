import type { DType } from "../../core/base/mod.ts";

/** How a kernel sees one of its input arrays. */
export interface Operand {
  /** How its elements are stored. */
  readonly dtype: DType;
  /** Steps, in elements, for one step along each axis of the index space; 0 where it is stretched. */
  readonly strides: readonly number[];
  /** Where the element for the index space's origin lies, in elements. */
  readonly offset: number;
}
