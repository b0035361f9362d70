import { contiguousStrides, itemBytes } from "../../core/base/mod.ts";
import type { Kernel } from "./kernel.ts";

/**
 * Tells whether a kernel's output may lie where one of its operands does: every element of it is read
 * at its own place only, by whoever writes that place, before it is written.
 *
 * @param kernel The kernel.
 * @param index Number of the operand.
 * @returns Whether it may. All operands in one array must be asked for.
 */
export function mayOverwrite(kernel: Kernel, index: number): boolean {
  if (kernel.kind !== "map") return false;
  const { shape, dtype, operands, body } = kernel;
  const { dtype: itsDType, strides, offset } = operands[index]!;
  const own = contiguousStrides(shape);
  return offset === 0 && itemBytes(itsDType) === itemBytes(dtype) &&
    shape.every((size, axis) => size === 1 || strides[axis] === own[axis]) &&
    !body.some((each) => each.kind === "gather" && each.operand === index);
}
