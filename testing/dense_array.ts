import { type DType, type Shape, sizeOf } from "../core/base/mod.ts";

/** Elements as plain numbers, and how they are arranged. */
export interface DenseArray {
  /** The dtype they stand for; `bool` is 0 or 1. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
  /** The elements, row by row. */
  readonly elements: Float64Array;
}

/**
 * Computes the elements of an array, place by place.
 *
 * @param shape Sizes per axis.
 * @param compute Gives the element at a place.
 * @returns The elements, row by row.
 */
export function fillPlaces(
  shape: Shape,
  compute: (place: readonly number[]) => number,
): Float64Array {
  const elements = new Float64Array(sizeOf(shape));
  return elements.map((_, index) => compute(placeOf(index, shape)));
}

/**
 * Finds where the element of a number stands.
 *
 * @param index Number of the element, counted row by row.
 * @param shape Sizes per axis.
 * @returns Its coordinates.
 */
export function placeOf(index: number, shape: Shape): readonly number[] {
  const place: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place;
}

/**
 * Finds the number of the element at a place.
 *
 * @param place Its coordinates.
 * @param shape Sizes per axis.
 * @returns Its number, counted row by row.
 */
export function indexAt(place: readonly number[], shape: Shape): number {
  return place.reduce((index, at, axis) => index * shape[axis]! + at, 0);
}

/**
 * Reads an element as broadcasting does: aligned at the last axis, and always at 0 along axes of
 * size 1.
 *
 * @param array The array.
 * @param place Coordinates in the shape that it broadcasts to.
 * @returns The element.
 */
export function elementAt(
  { shape, elements }: DenseArray,
  place: readonly number[],
): number {
  const own = place.slice(place.length - shape.length);
  return elements[
    indexAt(own.map((at, axis) => shape[axis] === 1 ? 0 : at), shape)
  ]!;
}
