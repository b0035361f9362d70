import { assertInvariant } from "../../core/base/mod.ts";
import type { ConvolutionKernel } from "../../kernels/ir/mod.ts";
import type { ApplyNode } from "../graph/node.ts";
import { callOf, loweringOf } from "./emitter.ts";

/**
 * Tells what a kernel convolves, apart from its operands and what follows.
 *
 * @param anchor The call.
 * @returns Sizes, and what happens along each axis.
 */
export function convolutionSizes(
  anchor: ApplyNode,
): Omit<ConvolutionKernel, "operands" | "epilogue" | "dtype"> {
  const lowering = loweringOf(anchor);
  assertInvariant(
    lowering.kind === "convolution",
    "the anchor is a convolution",
  );
  const [batch, groups, channels] = anchor.type.shape as [
    number,
    number,
    number,
  ];
  return {
    kind: "convolution",
    batch,
    groups,
    channels,
    depth: anchor.inputs[0]!.type.shape[2]!,
    axes: lowering.axes(callOf(anchor)),
  };
}
