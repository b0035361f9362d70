import type { Shape } from "../../../core/base/mod.ts";

/** An index space, and the strides of everything that moves in it. */
export interface Nest {
  /** Sizes per axis. */
  readonly sizes: Shape;
  /** For each thing that moves, its stride along each axis. */
  readonly strides: readonly (readonly number[])[];
}

/**
 * Simplifies an index space: axes of size 1 go, and neighbours along which everything moves as along
 * one axis become one. The order of the places stays.
 *
 * @param nest The index space.
 * @returns The same places with as few axes as possible.
 */
export function collapseAxes({ sizes, strides }: Nest): Nest {
  const merged: number[] = [];
  const moves: number[][] = strides.map(() => []);
  sizes.forEach((size, axis) => {
    if (size === 1) return;
    const isOne = merged.length > 0 &&
      strides.every((steps, i) => moves[i]!.at(-1) === steps[axis]! * size);
    if (isOne) merged.push(merged.pop()! * size);
    else merged.push(size);
    strides.forEach((steps, i) => {
      if (isOne) moves[i]!.pop();
      moves[i]!.push(steps[axis]!);
    });
  });
  return { sizes: merged, strides: moves };
}
