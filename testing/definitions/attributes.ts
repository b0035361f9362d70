import { assertInvariant, type Shape } from "../../core/base/mod.ts";
import type { Attributes } from "../../ops/mod.ts";

/**
 * Reads the attribute `axes`: a number, a list, or `null` for all.
 *
 * @param attributes The call's settings.
 * @param shape The shape that they refer to.
 * @returns The axes, counted from the first, in the order given.
 */
export function axesOf({ axes }: Attributes, shape: Shape): Set<number> {
  if (axes === null) return new Set(shape.keys());
  const listed: readonly unknown[] = Array.isArray(axes) ? axes : [axes];
  return new Set(listed.map((axis) => fromFirst(axis, shape)));
}

/**
 * Reads the attribute `axis`.
 *
 * @param attributes The call's settings.
 * @param shape The shape that it refers to.
 * @returns The axis, counted from the first.
 */
export function axisOf({ axis }: Attributes, shape: Shape): number {
  return fromFirst(axis, shape);
}

/**
 * Reads an attribute that is a list of whole numbers.
 *
 * @param attributes The call's settings.
 * @param name Name of the attribute.
 * @returns The numbers.
 */
export function integersOf(
  attributes: Attributes,
  name: string,
): readonly number[] {
  const found = attributes[name];
  assertInvariant(Array.isArray(found), `attribute "${name}" is a list`);
  return found.map(Number);
}

/**
 * Finds the place that an index points at.
 *
 * @param index The index; negative ones count from the end.
 * @param size How many places there are.
 * @returns The place, or `undefined` if there is none.
 */
export function pointedAt(index: number, size: number): number | undefined {
  const place = index < 0 ? size + index : index;
  return place >= 0 && place < size ? place : undefined;
}

function fromFirst(axis: unknown, shape: Shape): number {
  assertInvariant(typeof axis === "number", "an axis is a number");
  return (axis + shape.length) % shape.length;
}
