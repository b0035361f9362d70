import {
  contiguousStrides,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { ReduceKernel } from "../../ir/mod.ts";
import { unitOf, type View, viewsOf } from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import type { Combination } from "./combine.ts";

/** A reduction in the order in which it is computed, with as few axes as possible. */
export interface ReducePlan {
  /** The kernel. */
  readonly kernel: ReduceKernel;
  /** How values are combined. */
  readonly combination: Combination;
  /** Axes of the output. */
  readonly outer: Shape;
  /** Axes that are combined; the one with the smallest steps is last. */
  readonly over: Shape;
  /** What the body reads, over `[...outer, ...over]`. */
  readonly bodyViews: readonly View[];
  /** What the epilogue reads, over `outer`. */
  readonly epilogueViews: readonly View[];
}

/**
 * Brings a reduction into the order in which it is computed. Combining is commutative, so the axes
 * that are combined may be taken in any order.
 *
 * @param kernel The kernel.
 * @returns The plan.
 */
export function planReduction(kernel: ReduceKernel): ReducePlan {
  const { shape, over, operands, body, epilogue } = kernel;
  const bodyViews = viewsOf(body, operands, [...shape, ...over]);
  const epilogueViews = viewsOf(epilogue, operands, shape);
  const rank = shape.length;
  const outer = collapseAxes({
    sizes: shape,
    strides: [
      ...bodyViews.map(({ strides }) => strides.slice(0, rank)),
      ...epilogueViews.map(({ strides }) => strides),
      contiguousStrides(shape),
    ],
  });
  const order = over.map((_, axis) => axis).sort((a, b) =>
    reachOf(bodyViews, rank + b) - reachOf(bodyViews, rank + a)
  );
  const inner = collapseAxes({
    sizes: order.map((axis) => over[axis]!),
    strides: bodyViews.map(({ strides }) =>
      order.map((axis) => strides[rank + axis]!)
    ),
  });
  return {
    kernel,
    combination: { fn: kernel.combine, dtype: body.at(-1)!.dtype },
    outer: outer.sizes,
    over: inner.sizes,
    bodyViews: bodyViews.map((view, i) => ({
      ...view,
      strides: [...outer.strides[i]!, ...inner.strides[i]!],
    })),
    epilogueViews: epilogueViews.map((view, i) => ({
      ...view,
      strides: outer.strides[bodyViews.length + i]!,
    })),
  };
}

/** The longest step that is made in memory along an axis, in bytes. */
function reachOf(views: readonly View[], axis: number): number {
  return Math.max(
    0,
    ...views.map((view) => Math.abs(view.strides[axis]!) * unitOf(view)),
  );
}

/**
 * Tells whether to compute four outputs at once rather than four elements of one output.
 *
 * @param plan The reduction.
 * @returns Whether that takes fewer instructions.
 */
export function isByColumns({ outer, over, bodyViews }: ReducePlan): boolean {
  const columns = outer.at(-1) ?? 1;
  if (columns < 4) return false;
  const length = over.at(-1) ?? 1;
  const lines = sizeOf(over.slice(0, -1));
  const costAlong = (axis: number) =>
    bodyViews.reduce((sum, { strides, dtype }) => {
      const stride = strides[axis] ?? 0;
      const isVector = dtype === undefined || stride === 0 || stride === 1;
      return sum + (isVector ? 1 : 4);
    }, 1);
  const byRows = lines * Math.ceil(length / 4) *
      costAlong(outer.length + over.length - 1) + ACROSS_COST;
  const byColumns = lines * length * costAlong(outer.length - 1) / 4;
  return byColumns < byRows;
}

/** Instructions to combine a vector's lanes and to store one element, about. */
const ACROSS_COST = 12;
