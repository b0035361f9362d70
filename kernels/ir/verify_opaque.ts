import {
  assertInvariant,
  contiguousStrides,
  type Shape,
} from "../../core/base/mod.ts";
import type { OpaqueCode, OpaqueKernel } from "./opaque_kernel.ts";
import type { Operand } from "./operand.ts";

/**
 * Requires that a kernel of foreign code reads whole arrays: the code is told nothing of strides.
 *
 * @param kernel The kernel.
 * @throws {InvariantError} If it does not.
 */
export function verifyOpaque(
  { code, operands, inputShapes }: OpaqueKernel,
): void {
  assertInvariant(
    operands.length === inputShapes.length &&
      operands.every((operand, i) => isSeenBy(code, operand, inputShapes[i]!)),
    "foreign code reads arrays row by row without gaps",
  );
}

/**
 * Tells whether foreign code can be shown an input: it is told nothing of strides, and shaders are bound
 * to arrays from their start.
 *
 * @param code The code.
 * @param operand The input.
 * @param shape Its sizes.
 * @returns Whether it can.
 */
export function isSeenBy(
  { language }: OpaqueCode,
  { strides, offset }: Operand,
  shape: Shape,
): boolean {
  return isDense(strides, shape) && (language !== "wgsl" || offset === 0);
}

/** Whether the elements of a view lie row by row without gaps. */
function isDense(strides: readonly number[], shape: Shape): boolean {
  const dense = contiguousStrides(shape);
  return shape.includes(0) ||
    shape.every((size, axis) => size === 1 || strides[axis] === dense[axis]);
}
