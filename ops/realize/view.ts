import { contiguousStrides, type Shape } from "../../core/base/mod.ts";
import type { ViewStep } from "../graph/node.ts";

/** How the elements of an array are seen: which one stands at a place. */
export interface View {
  /** Sizes per axis. */
  readonly shape: Shape;
  /** Steps in the array, in elements, for one step along each axis. */
  readonly strides: readonly number[];
  /** Where the first element stands. */
  readonly offset: number;
}

/**
 * Sees an array as it is.
 *
 * @param shape Its shape.
 * @returns The view.
 */
export function wholeView(shape: Shape): View {
  return { shape, strides: contiguousStrides(shape), offset: 0 };
}

/**
 * Looks at a view in another way, where strides can express it.
 *
 * @param view The view.
 * @param step What to do.
 * @returns The new view, or `undefined` if the elements must be brought into order first.
 */
export function applyStep(view: View, step: ViewStep): View | undefined {
  switch (step.kind) {
    case "reshape":
      return reshapeView(view, step.shape);
    case "permute":
      return {
        shape: step.axes.map((axis) => view.shape[axis]!),
        strides: step.axes.map((axis) => view.strides[axis]!),
        offset: view.offset,
      };
    case "expand": {
      const extra = step.shape.length - view.shape.length;
      return {
        shape: step.shape,
        strides: step.shape.map((size, axis) =>
          axis < extra || view.shape[axis - extra] !== size
            ? 0
            : view.strides[axis - extra]!
        ),
        offset: view.offset,
      };
    }
    case "slice":
      return {
        shape: step.sizes,
        strides: view.strides.map((stride, axis) => stride * step.steps[axis]!),
        offset: view.strides.reduce(
          (offset, stride, axis) => offset + stride * step.starts[axis]!,
          view.offset,
        ),
      };
    case "windows": {
      const { axis, count, size, stride, dilation } = step;
      const along = view.strides[axis]!;
      return {
        shape: [...view.shape.with(axis, count), size],
        strides: [
          ...view.strides.with(axis, along * stride),
          along * dilation,
        ],
        offset: view.offset,
      };
    }
    default:
      return step satisfies never;
  }
}

/**
 * Applies steps one after another.
 *
 * @param view The view to begin with.
 * @param steps The steps, in order.
 * @returns The new view, or `undefined` if one of them needs the elements in order.
 */
export function applySteps(
  view: View,
  steps: readonly ViewStep[],
): View | undefined {
  let seen: View | undefined = view;
  for (const step of steps) {
    seen = applyStep(seen, step);
    if (!seen) return undefined;
  }
  return seen;
}

/**
 * Gives a view other sizes. Axes that lie in memory like one axis are merged, then split; sizes of 1
 * come and go freely.
 */
function reshapeView(view: View, shape: Shape): View | undefined {
  if (shape.includes(0)) return { ...wholeView(shape), offset: view.offset };
  const merged = mergeAxes(view);
  const strides = new Array<number>(shape.length);
  let axis = shape.length - 1;
  for (const { size, stride } of merged.reverse()) {
    let taken = 1;
    while (taken < size) {
      const wanted = shape[axis];
      // A new axis would have to reach over the border between two merged ones.
      if (wanted === undefined || size % (taken * wanted) !== 0) {
        return undefined;
      }
      strides[axis--] = stride * taken;
      taken *= wanted;
    }
  }
  while (axis >= 0) strides[axis--] = 0;
  return { shape, strides, offset: view.offset };
}

interface MergedAxis {
  readonly size: number;
  readonly stride: number;
}

/** Merges neighbouring axes that are walked in one even stride, and drops those of size 1. */
function mergeAxes({ shape, strides }: View): MergedAxis[] {
  const merged: MergedAxis[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const stride = strides[axis]!;
    const last = merged.at(-1);
    if (last && last.stride === stride * size) {
      merged[merged.length - 1] = { size: last.size * size, stride };
    } else {
      merged.push({ size, stride });
    }
  });
  return merged;
}
