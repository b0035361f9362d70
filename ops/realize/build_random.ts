import type { RandomKey } from "../../core/base/mod.ts";
import type { Kernel, Operand } from "../../kernels/ir/mod.ts";
import type { ApplyNode } from "../graph/node.ts";

/**
 * Builds the kernel that draws random numbers.
 *
 * @param node A call whose lowering draws them.
 * @param draw Where the number of the draw stands, if the call has one.
 * @returns The kernel.
 */
export function randomKernel(
  { type: { shape }, attributes }: ApplyNode,
  draw?: Operand,
): Kernel {
  return {
    kind: "random",
    shape,
    distribution: attributes.distribution === "normal" ? "normal" : "uniform",
    key: attributes.key as RandomKey,
    operands: draw ? [draw] : [],
    dtype: "float32",
  };
}
