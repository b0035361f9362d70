import { type Tensor, toNodes } from "../tensor.ts";
import type { TensorFunction } from "./call_fresh.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";

/**
 * Multiplies the matrix of second derivatives of a number by a vector, without making the matrix:
 * forward mode over reverse mode.
 *
 * **Cost**: a small multiple of the function's own, however many elements the arguments have.
 *
 * **Source**: Pearlmutter, "Fast exact multiplication by the Hessian" (1994).
 *
 * @example The second derivatives of x³ are 6x along the diagonal
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hvp, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [product] = hvp(
 *   (x) => x!.mul(x!).mul(x!).sum(),
 *   [tensor([1, 2])],
 *   [tensor([1, 10])],
 * );
 * assertEquals(await product!.array(), [6, 120]);
 * ```
 *
 * @param fn A function of tensors that gives one number.
 * @param primals Where: its arguments, which hold fractions.
 * @param tangents The vector: one tensor an argument, of its shape and dtype.
 * @returns The product: one tensor an argument.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function of tensors, or the lists do not match.
 * @throws {ShapeError} `SHAPE_MISMATCH` if a tangent has another shape than its argument.
 * @throws {TensorError} `NOT_SCALAR` if the function gives another number of elements.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if a dtype has no gradient, or an operator on the way.
 */
export function hvp(
  fn: TensorFunction,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
): readonly Tensor[] {
  const places = toNodes("hvp", primals).keys();
  const argnums = [...places];
  return jvp(grad(fn, { argnums }), primals, tangents).tangent;
}
