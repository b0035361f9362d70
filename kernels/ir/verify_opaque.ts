import {
  assertInvariant,
  contiguousStrides,
  type Shape,
} from "../../core/base/mod.ts";
import type { OpaqueKernel } from "./opaque_kernel.ts";

/**
 * Requires that a kernel of foreign code reads whole arrays: the code is told nothing of strides.
 *
 * @param kernel The kernel.
 * @throws {InvariantError} If it does not.
 */
export function verifyOpaque({ operands, inputShapes }: OpaqueKernel): void {
  assertInvariant(
    operands.length === inputShapes.length &&
      operands.every(({ strides }, i) => isDense(strides, inputShapes[i]!)),
    "foreign code reads arrays row by row without gaps",
  );
}

/**
 * Tells whether the elements of a view lie row by row without gaps.
 *
 * @param strides Its steps along each axis.
 * @param shape Its sizes.
 * @returns Whether they do.
 */
export function isDense(strides: readonly number[], shape: Shape): boolean {
  const dense = contiguousStrides(shape);
  return shape.includes(0) ||
    shape.every((size, axis) => size === 1 || strides[axis] === dense[axis]);
}
