import { usesOf } from "./expression.ts";
import type { RowsKernel } from "./kernel.ts";

/**
 * Tells which values of a kernel of whole rows differ between the elements of a row. The others are
 * the same all along the row, and need be computed once: what a fold gives, and what depends on
 * nothing else.
 *
 * @param kernel The kernel.
 * @returns For each instruction of its body, whether its value varies.
 */
export function variesAlongRow(
  { body, operands, shape, over }: Omit<RowsKernel, "kind" | "each" | "dtype">,
): boolean[] {
  const isLong = (axis: number) =>
    axis >= shape.length && over[axis - shape.length] !== 1;
  const varies: boolean[] = [];
  for (const instruction of body) {
    const isMoved = instruction.kind === "load" || instruction.kind === "gather"
      ? operands[instruction.operand]!.strides.some((stride, axis) =>
        stride !== 0 && isLong(axis)
      )
      : instruction.kind === "coordinate" && isLong(instruction.axis);
    varies.push(
      instruction.kind !== "fold" &&
        (isMoved || usesOf(instruction).some((place) => varies[place])),
    );
  }
  return varies;
}
