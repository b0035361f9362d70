import { axisOutOfRange, invalidShape } from "./errors.ts";

/** Sizes per axis, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * Counts the elements of a shape: the product of its sizes, `1` for a scalar.
 *
 * @param shape The shape.
 * @returns The number of elements.
 */
export function sizeOf(shape: Shape): number {
  let size = 1;
  // By index: large graphs ask for the sizes of all their shapes before this is fast.
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!;
  return size;
}

/**
 * Finds how far apart neighbours along each axis lie when elements are stored row by row without
 * gaps.
 *
 * @param shape The shape.
 * @returns One stride an axis, in elements; the last is `1`.
 */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * Tells whether two shapes are the same.
 *
 * @param a One shape.
 * @param b The other.
 * @returns Whether rank and all sizes are equal.
 */
export function equalShapes(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) {
    if (a[axis] !== b[axis]) return false;
  }
  return true;
}

/**
 * Turns an axis as it is usually written (`-1` is the last) into an index.
 *
 * @param operation Name of the operation that was given the axis, for the message.
 * @param axis The axis, from `-rank` to `rank - 1`.
 * @param shape The shape it refers to.
 * @returns The same axis, counted from the outermost (`0`).
 * @throws {ShapeError} `AXIS_RANGE` if `shape` has no such axis.
 */
export function resolveAxis(
  operation: string,
  axis: number,
  shape: Shape,
): number {
  if (!Number.isInteger(axis) || axis < -shape.length || axis >= shape.length) {
    throw axisOutOfRange(operation, axis, shape);
  }
  return axis < 0 ? axis + shape.length : axis;
}

/** Most elements a tensor may have: indices stay exact 32-bit integers in every backend. */
const SIZE_MAX = 2 ** 31 - 1;

/**
 * Requires sizes that a tensor can have: whole numbers from 0, whose product a backend can index.
 *
 * @param operation Name of the operation that was given the shape, for the message.
 * @param shape The shape.
 * @throws {ShapeError} `SHAPE_INVALID` if a size is negative, fractional or not a number, or if
 * there are more than 2^31 - 1 elements.
 */
export function assertShape(operation: string, shape: Shape): void {
  const isShape = Array.isArray(shape) && shape.every(isAxisSize) &&
    sizeOf(shape) <= SIZE_MAX;
  if (!isShape) throw invalidShape(operation, shape);
}

function isAxisSize(size: unknown): boolean {
  return Number.isInteger(size) && Number(size) >= 0;
}
