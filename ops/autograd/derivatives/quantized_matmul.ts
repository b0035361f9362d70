/**
 * Derivative of the product with quantized weights.
 *
 * @module
 */
import { div, mul } from "../../builtin/binary.ts";
import { cast } from "../../builtin/cast.ts";
import { matmul } from "../../builtin/matmul.ts";
import { swapLastAxes } from "../../builtin/permute.ts";
import type { Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradient of the product with quantized weights, by name. */
export const QUANTIZED_MATMUL_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  // As if x had not been rounded: y = x (w s), so dx = (g s) wᵀ, and ds = Σ g y / s.
  quantizedMatmul({ inputs, output, gradient }) {
    const [, weight, scale] = inputs as [Node, Node, Node];
    const columns = swapLastAxes(cast(weight, "float32"));
    return [
      matmul(mul(gradient, scale), columns),
      undefined,
      unbroadcast(div(mul(gradient, output), scale), scale),
    ];
  },
};
