import { type DType, itemBytes, type Shape } from "../../../core/base/mod.ts";
import type { Operand } from "../../ir/mod.ts";

/** Elements that are read and written at once. */
export const VECTOR = 4;

/**
 * How four neighbours of an index space lie in an array: in one vector of words, in one element that all
 * of them see, or anyhow.
 */
export type VectorView = "vector" | "same" | "scattered";

/**
 * Tells how elements lie that follow each other in an index space, from each multiple of four on.
 *
 * @param space The index space; the number of its elements is a multiple of four.
 * @param operand The array as it is seen from there.
 * @returns How they lie.
 */
export function vectorView(
  space: Shape,
  { dtype, strides, offset }: Operand,
): VectorView {
  const axes = space
    .map((size, axis) => ({ size, stride: strides[axis]! }))
    .filter(({ size }) => size > 1);
  const inner = axes.at(-1)?.stride ?? 0;
  let run = 1;
  while (axes.length > 0 && axes.at(-1)!.stride === inner * run) {
    run *= axes.pop()!.size;
  }
  if (run % VECTOR !== 0) return "scattered";
  if (inner === 0) return "same";
  const isAligned = offset % VECTOR === 0 &&
    axes.every(({ stride }) => stride % VECTOR === 0);
  return inner === 1 && isAligned && isWord(dtype) ? "vector" : "scattered";
}

/**
 * Finds the operands whose arrays can be bound as vectors: those that are alone in theirs, or share it
 * only with others like them. The output's array, 0, must be bound alike.
 *
 * @param slots For each operand, the number of its array.
 * @param isVector For each operand, whether it is read by vectors only.
 * @param isOutputVector Whether the output is written by vectors.
 * @returns For each operand, whether its array is bound as vectors.
 */
export function bindableVectors(
  slots: readonly number[],
  isVector: readonly boolean[],
  isOutputVector: boolean,
): readonly boolean[] {
  const words = new Set(slots.filter((_, i) => !isVector[i]));
  if (!isOutputVector) words.add(0);
  return slots.map((slot) => !words.has(slot));
}

/**
 * Tells whether an element is a word of 32 bits.
 *
 * @param dtype How it is stored.
 * @returns Whether it is.
 */
export function isWord(dtype: DType): dtype is "float32" | "int32" {
  return itemBytes(dtype) === 4;
}
