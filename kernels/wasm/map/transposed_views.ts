import type { VectorCode } from "../lanes/vector_code.ts";
import { type LineView, unitOf, type View } from "../lanes/views.ts";

/**
 * Tells whether a view's elements are next to each other along an axis other than the last.
 *
 * @param view The view.
 * @param axis The axis.
 * @returns Whether they are.
 */
export function liesAlong({ dtype, strides }: View, axis: number): boolean {
  const last = strides.at(-1);
  return dtype !== undefined && axis < strides.length - 1 &&
    strides[axis] === 1 && last !== 0 && last !== 1;
}

/**
 * Writes copies of views' cursors, which can be moved while the views stay.
 *
 * @param code Where to write.
 * @param views The views.
 * @returns The same views with cursors of their own.
 */
export function copyOf(
  { f }: VectorCode,
  views: readonly LineView[],
): readonly LineView[] {
  return views.map((view) => ({
    ...view,
    cursor: f.variable("i32", view.cursor),
  }));
}

/**
 * Writes the moving of views' cursors.
 *
 * @param code Where to write.
 * @param views The views.
 * @param stepOf How many elements to move each.
 */
export function moveAlong(
  { f }: VectorCode,
  views: readonly LineView[],
  stepOf: (view: LineView) => number,
): void {
  for (const view of views) {
    const step = stepOf(view) * unitOf(view);
    if (step) f.assign(view.cursor, "i32.add", view.cursor, step);
  }
}
