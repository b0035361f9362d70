import { gradientsOf } from "./autograd/gradient.ts";
import { Tensor, toNode, toNodes } from "./tensor.ts";
import {
  assertFunction,
  callFresh,
  type TensorFunction,
} from "./transforms/call_fresh.ts";

/**
 * Differentiates one number with respect to tensors. The gradients are lazy tensors like any other:
 * they can be computed together, compiled, and differentiated again. Elements may have been read on
 * the way; a tensor that was realized with `realize()` is a constant for those before it.
 *
 * @example The slope of x² is 2x
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gradients, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([1, 2, 3]);
 * const [slope] = gradients(x.mul(x).sum(), [x]);
 * assertEquals(await slope!.array(), [2, 4, 6]);
 * ```
 *
 * @param loss The number: fractions with one element.
 * @param tensors The tensors, which hold fractions.
 * @returns One gradient a tensor, of its shape; zeros where the number does not depend on it.
 * @throws {TensorError} `NOT_SCALAR` if `loss` has another number of elements.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if a dtype has no gradient, or an operator on the way.
 */
export function gradients(
  loss: Tensor,
  tensors: readonly Tensor[],
): Tensor[] {
  const targets = toNodes("gradients", tensors);
  return gradientsOf(toNode("gradients", loss), targets)
    .map((node) => new Tensor(node));
}

/** A number, and its gradients with respect to what it was computed from. */
export interface ValueAndGradients {
  /** The number. */
  readonly value: Tensor;
  /** One gradient an argument. */
  readonly gradients: readonly Tensor[];
}

/**
 * Makes a function that gives a number together with its gradients.
 *
 * @param fn A function of tensors that gives one number.
 * @returns A function of the same tensors.
 */
export function valueAndGradients(
  fn: TensorFunction,
): (...tensors: readonly Tensor[]) => ValueAndGradients {
  assertFunction("valueAndGradients", fn);
  return (...tensors) => {
    const nodes = toNodes("valueAndGradients", tensors);
    const { parameters, result: value, outputs: [output] } = callFresh(
      "valueAndGradients",
      fn,
      nodes,
    );
    const found = gradientsOf(output!, parameters, {
      stops: new Set(parameters),
    });
    return { value, gradients: found.map((node) => new Tensor(node)) };
  };
}
