import {
  contiguousStrides,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { Operand } from "../../ir/mod.ts";

/**
 * Writes how far the element at a place lies from the first one. Axes over which a view runs on are
 * taken together.
 *
 * @param space The index space.
 * @param strides The view's steps along its axes.
 * @param place The place's number in the space, a `u32`.
 * @returns The text of an `i32`.
 */
export function distanceText(
  space: Shape,
  strides: readonly number[],
  place: string,
): string {
  const total = sizeOf(space);
  if (total === 0) return "0";
  const terms: string[] = [];
  let axis = space.length - 1;
  let inner = 1;
  while (axis >= 0) {
    const stride = strides[axis]!;
    let size = space[axis]!;
    while (axis > 0 && strides[axis - 1] === stride * size) {
      axis--;
      size *= space[axis]!;
    }
    axis--;
    if (stride !== 0 && size > 1) {
      const from = inner === 1 ? place : `(${place} / ${inner}u)`;
      const isOutermost = inner * size === total;
      const at = isOutermost ? from : `(${from} % ${size}u)`;
      terms.push(stride === 1 ? `i32(${at})` : `i32(${at}) * ${stride}`);
    }
    inner *= size;
  }
  return terms.length === 0 ? "0" : terms.join(" + ");
}

/**
 * Writes where a place lies along an axis.
 *
 * @param space The index space.
 * @param axis The axis.
 * @param place The place's number in the space, a `u32`.
 * @returns The text of an `i32`.
 */
export function coordinateText(
  space: Shape,
  axis: number,
  place: string,
): string {
  const inner = contiguousStrides(space)[axis]!;
  return `i32((${place} / ${Math.max(1, inner)}u) % ${
    Math.max(1, space[axis]!)
  }u)`;
}

/** A place of an index space, in parts that follow one another. */
export type PlaceParts = readonly {
  /** Sizes of the part's axes. */
  readonly space: Shape;
  /** The place's number in the part, a `u32`. */
  readonly place: string;
}[];

/**
 * Writes where an operand's element lies in its array.
 *
 * @param operand The operand.
 * @param parts The place.
 * @returns The text of an `i32`.
 */
export function elementText(
  { strides, offset }: Operand,
  parts: PlaceParts,
): string {
  let axis = 0;
  const terms = parts.map(({ space, place }) => {
    const own = strides.slice(axis, axis += space.length);
    return distanceText(space, own, place);
  }).filter((term) => term !== "0");
  if (offset !== 0 || terms.length === 0) terms.push(`${offset}`);
  return terms.join(" + ");
}

/**
 * Writes where a place lies along an axis of all its parts.
 *
 * @param parts The place.
 * @param axis The axis.
 * @returns The text of an `i32`.
 */
export function partCoordinate(parts: PlaceParts, axis: number): string {
  let rest = axis;
  for (const { space, place } of parts) {
    if (rest < space.length) return coordinateText(space, rest, place);
    rest -= space.length;
  }
  return "0";
}
