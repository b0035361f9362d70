import { guardFinite as guardNode } from "../builtin/guard_finite.ts";
import { Tensor, toNode } from "../tensor.ts";

/**
 * Requires that all elements of a tensor are finite when it is computed. Nothing is checked now:
 * computing the result, or whatever depends on it, fails.
 *
 * @example A division by 0 is told where it happens
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { guardFinite, tensor, TensorError } from "@spiraltorch/spiraltorch/ops";
 *
 * const ratio = guardFinite(tensor([1, 2]).div(tensor([1, 0])), "ratio");
 * await assertRejects(() => ratio.sum().item(), TensorError, '"ratio"');
 * ```
 *
 * @param x The tensor.
 * @param label What it is called in the error.
 * @returns The same elements.
 * @throws {TensorError} `NON_FINITE_VALUE` where it is computed, if an element is infinite or `NaN`.
 */
export function guardFinite(x: Tensor, label: string): Tensor {
  return new Tensor(guardNode(toNode("guardFinite", x), label));
}
