/**
 * What lowerings say of calls whose kernels need more than shapes, and the steps of views.
 *
 * @module
 */
import type { Shape } from "../../core/base/mod.ts";
import type { ScanFn } from "../../kernels/ir/mod.ts";

/** Where the pieces of an array lie. */
export interface AssembleLayout {
  /** What the array holds where no piece lies. */
  readonly value: number;
  /** Where each piece's first element lies, and how far from one to the next, along each axis. */
  readonly places: readonly {
    readonly offset: readonly number[];
    readonly steps: readonly number[];
  }[];
}

/** A scan, apart from its input. */
export interface ScanDescription {
  /** The axis along which values are combined. */
  readonly axis: number;
  /** How values are combined. */
  readonly combine: ScanFn;
  /** Whether lines are walked from their last place to their first. */
  readonly isReverse: boolean;
  /** Whether an element's own value is left out. */
  readonly isExclusive: boolean;
}

/** A sort, apart from its input. */
export interface SortDescription {
  /** The axis along which elements are put in order. */
  readonly axis: number;
  /** Whether the largest element comes first. */
  readonly isDescending: boolean;
  /** Whether the output holds the elements, or their places. */
  readonly result: "values" | "indices";
}

/** One step from an array's own order of elements to the order in which they are wanted. */
export type ViewStep =
  /** Other sizes, the same elements in the same order. */
  | { readonly kind: "reshape"; readonly shape: Shape }
  /** Axis `i` of the result is axis `axes[i]` of the input. */
  | { readonly kind: "permute"; readonly axes: readonly number[] }
  /** NumPy broadcasting to a larger shape. */
  | { readonly kind: "expand"; readonly shape: Shape }
  /** Along each axis `sizes` elements from `starts`, `steps` apart; steps may be negative. */
  | {
    readonly kind: "slice";
    readonly starts: readonly number[];
    readonly sizes: Shape;
    readonly steps: readonly number[];
  }
  /**
   * `count` windows along an axis, `stride` apart; a last axis with the `size` elements of each,
   * `dilation` apart.
   */
  | {
    readonly kind: "windows";
    readonly axis: number;
    readonly count: number;
    readonly size: number;
    readonly stride: number;
    readonly dilation: number;
  };
