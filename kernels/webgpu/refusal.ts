import { itemBytes, sizeOf } from "../../core/base/mod.ts";
import { type Kernel, outputShape } from "../ir/mod.ts";
import { type BindingLimits, splitKernel } from "./split/split_kernel.ts";

/** What a device grants to one shader. */
export interface ShaderLimits extends BindingLimits {
  /** How many arrays it may be bound to. */
  readonly maxStorageBuffersPerShaderStage: number;
}

/**
 * Tells whether a kernel can be computed on a device.
 *
 * @param kernel The kernel.
 * @param limits What the device grants.
 * @returns The reason why not, or `undefined` if it can.
 */
export function refusalOf(
  kernel: Kernel,
  limits: ShaderLimits,
): string | undefined {
  const isOpaque = kernel.kind === "opaque";
  if (isOpaque && kernel.code.language !== "wgsl") {
    return `it is code in ${kernel.code.language}, and the device runs WGSL`;
  }
  if (isOpaque && kernel.inputShapes.some((shape) => shape.includes(0))) {
    return "it reads an array without elements, and the device binds none";
  }
  const { maxStorageBuffersPerShaderStage, maxStorageBufferBindingSize } =
    limits;
  // One is the output's, one may be a shader's own, and one what is told of foreign code.
  const most = maxStorageBuffersPerShaderStage - (isOpaque ? 3 : 2);
  if (kernel.operands.length > most) {
    return `it reads ${kernel.operands.length} arrays, and the device binds ${most} beside the output`;
  }
  const bytes = sizeOf(outputShape(kernel)) * itemBytes(kernel.dtype);
  const slots = kernel.operands.map((_, i) => i + 1);
  if (
    bytes > maxStorageBufferBindingSize && !splitKernel(kernel, slots, limits)
  ) {
    return `its output has ${bytes} bytes, and the device binds ${maxStorageBufferBindingSize}`;
  }
  return undefined;
}
