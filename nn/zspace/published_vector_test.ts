import type { Tensor } from "../../ops/mod.ts";

/** A computed tensor and the elements that were published for it. */
export interface PublishedVector {
  /** What it is. */
  readonly name: string;
  /** What is computed. */
  readonly tensor: () => Tensor;
  /** Its elements. */
  readonly want: readonly number[];
}
