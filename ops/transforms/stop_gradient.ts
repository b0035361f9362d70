import { stopGradient as stopGradientOf } from "../builtin/stop_gradient.ts";
import { Tensor, toNode } from "../tensor.ts";

/**
 * Gives the same tensor as a constant for gradients, in both directions and of any order.
 *
 * @example A factor that counts as a constant
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { grad, stopGradient, tensor } from "@spiraltorch/spiraltorch";
 *
 * const slope = grad((x) => x!.mul(stopGradient(x!)))(tensor(3));
 * assertEquals(await slope.item(), 3);
 * ```
 *
 * @param x The tensor.
 * @returns The same elements.
 * @throws {OptionError} `INVALID_OPTION` if it is no tensor.
 */
export function stopGradient(x: Tensor): Tensor {
  return new Tensor(stopGradientOf(toNode("stopGradient", x)));
}
