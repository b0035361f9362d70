import type { RandomKey } from "../../core/base/mod.ts";
import type { Kernel } from "../../kernels/ir/mod.ts";
import type { ApplyNode } from "../graph/node.ts";

/**
 * Builds the kernel that draws random numbers.
 *
 * @param node A call whose lowering draws them.
 * @returns The kernel.
 */
export function randomKernel(
  { type: { shape }, attributes }: ApplyNode,
): Kernel {
  return {
    kind: "random",
    shape,
    distribution: attributes.distribution === "normal" ? "normal" : "uniform",
    key: attributes.key as RandomKey,
    operands: [],
    dtype: "float32",
  };
}
