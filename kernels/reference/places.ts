import {
  assertInvariant,
  type DType,
  isHalfDType,
  roundHalf,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";
import type { Operand } from "../ir/mod.ts";
import type { Place } from "./evaluate_expression.ts";

/** Elements as the reference computes them: plain numbers, whatever the dtype. */
export type ReferenceArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int8Array
  | Uint8Array;

/**
 * Brings a value to one that a dtype stores; `float32` is rounded by the array, if at all.
 *
 * @param value The value.
 * @param dtype The dtype.
 * @returns The value that is stored.
 */
export function toStored(value: number, dtype: DType): number {
  if (isHalfDType(dtype)) return roundHalf(value, dtype);
  return dtype === "int8" ? Math.max(-128, Math.min(127, value)) : value;
}

/**
 * Visits every place of an index space, row by row.
 *
 * @param shape The index space.
 * @param visit What to do with a place and its number.
 */
export function forEachPlace(
  shape: Shape,
  visit: (coordinates: readonly number[], index: number) => void,
): void {
  const size = sizeOf(shape);
  for (let i = 0; i < size; i++) {
    const coordinates = new Array<number>(shape.length);
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      coordinates[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    visit(coordinates, i);
  }
}

/**
 * Shows operands at a place as expressions see them.
 *
 * @param coordinates The place.
 * @param operands The operands.
 * @param inputs Their arrays.
 * @returns What an expression reads.
 */
export function placeAt(
  coordinates: readonly number[],
  operands: readonly Operand[],
  inputs: readonly ReferenceArray[],
): Place {
  return {
    coordinates,
    load(operand, shift) {
      const at = offsetOf(operands[operand]!, coordinates) + shift;
      const element = inputs[operand]![at];
      assertInvariant(element !== undefined, "a view stays inside its array");
      return element;
    },
  };
}

/**
 * Finds the element of an operand at a place.
 *
 * @param operand The operand.
 * @param coordinates The place.
 * @returns The element's number in the operand's array.
 */
export function offsetOf(
  { strides, offset }: Operand,
  coordinates: readonly number[],
): number {
  return strides.reduce(
    (sum, stride, axis) => sum + stride * coordinates[axis]!,
    offset,
  );
}
