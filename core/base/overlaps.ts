import type { Shape } from "./shape.ts";

/** Where a piece of an array lies. */
export interface Placed {
  /** Its sizes. */
  readonly shape: Shape;
  /** Where its first element lies. */
  readonly offset: readonly number[];
  /** From one element to the next along each axis, from 1. */
  readonly steps: readonly number[];
}

/**
 * Tells whether two pieces of an array have a place in common. They have none if along one axis they
 * lie behind each other, or their steps never meet.
 *
 * @param a One piece.
 * @param b The other.
 * @returns `false` only if they have none.
 */
export function overlaps(a: Placed, b: Placed): boolean {
  return a.shape.every((size, axis) => {
    const other = b.shape[axis]!;
    if (size === 0 || other === 0) return false;
    const [from, to] = [a.offset[axis]!, b.offset[axis]!];
    const [step, otherStep] = [a.steps[axis]!, b.steps[axis]!];
    const isBehind = from > to + (other - 1) * otherStep ||
      to > from + (size - 1) * step;
    return !isBehind && (from - to) % greatestDivisor(step, otherStep) === 0;
  });
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
