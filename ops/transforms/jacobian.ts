import { optionsOf } from "../../core/base/mod.ts";
import { eye } from "../create.ts";
import { type Tensor, toNodes } from "../tensor.ts";
import { assertFunction, type TensorFunction } from "./call_fresh.ts";
import { chooseArguments, grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { vjp } from "./vjp.ts";
import { vmap } from "./vmap.ts";

/** Options of {@linkcode jacfwd}, {@linkcode jacrev} and {@linkcode hessian}. */
export interface JacobianOptions {
  /**
   * Which argument to differentiate by, counted from 0.
   *
   * @default {0}
   */
  readonly argnums?: number;
}

/**
 * Makes all slopes of a function, by forward mode: one pass for all elements of the argument together.
 * Suits functions that give more than they take.
 *
 * **Shapes**: `x [...in] -> y [...out]` gives `[...out, ...in]`: how fast each element of the result
 * changes with each element of the argument.
 *
 * **Cost**: as many evaluations as the argument has elements, batched.
 *
 * @example Slopes of products
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jacfwd, tensor } from "@spiraltorch/spiraltorch";
 *
 * const slopes = jacfwd((x) => x.mul(x.sum()));
 * assertEquals(await slopes(tensor([1, 2])).array(), [[4, 1], [2, 5]]);
 * ```
 *
 * @param fn A function of tensors that gives one tensor.
 * @param options Which argument to differentiate by.
 * @returns A function of the same tensors.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function; at a call, if an argument is missing.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` at a call, if a dtype has no gradient, or an operator on
 * the way.
 */
export function jacfwd(
  fn: TensorFunction,
  options?: JacobianOptions,
): TensorFunction {
  return slopesOf("jacfwd", { fn, options }, (fn, x) => {
    const push = vmap((v: Tensor) => jvp(fn, [x], [v]).tangent, {
      outAxes: -1,
    });
    const slopes = push(basisOf(x));
    return slopes.reshape([...slopes.shape.slice(0, -1), ...x.shape]);
  });
}

/**
 * Makes all slopes of a function, by reverse mode: one pass back for all elements of the result
 * together. Suits functions that take more than they give.
 *
 * **Shapes**: `x [...in] -> y [...out]` gives `[...out, ...in]`, as {@linkcode jacfwd} does.
 *
 * **Cost**: as many evaluations as the result has elements, batched.
 *
 * @example Slopes of sums
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jacrev, tensor } from "@spiraltorch/spiraltorch";
 *
 * const slopes = jacrev((x) => x.mul(x).sum(0));
 * assertEquals(await slopes(tensor([[1, 2], [3, 4]])).array(), [
 *   [[2, 0], [6, 0]],
 *   [[0, 4], [0, 8]],
 * ]);
 * ```
 *
 * @param fn A function of tensors that gives one tensor.
 * @param options Which argument to differentiate by.
 * @returns A function of the same tensors.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function; at a call, if an argument is missing.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` at a call, if a dtype has no gradient, or an operator on
 * the way.
 */
export function jacrev(
  fn: TensorFunction,
  options?: JacobianOptions,
): TensorFunction {
  return slopesOf("jacrev", { fn, options }, (fn, x) => {
    const { value, pullback } = vjp(fn, [x]);
    const slopes = vmap((u: Tensor) => pullback(u)[0]!)(basisOf(value));
    return slopes.reshape([...value.shape, ...x.shape]);
  });
}

/**
 * Makes all second derivatives of a function that gives one number: forward mode over reverse mode.
 *
 * **Shapes**: `x [...in]` gives `[...in, ...in]`.
 *
 * **Cost**: a small multiple of the function's own for each element of the argument, batched. To multiply
 * by a vector, `hvp` needs one.
 *
 * @example Second derivatives of a product
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hessian, tensor } from "@spiraltorch/spiraltorch";
 *
 * const matrix = hessian((x) => x.prod())(tensor([2, 3, 5]));
 * assertEquals(await matrix.array(), [[0, 5, 3], [5, 0, 2], [3, 2, 0]]);
 * ```
 *
 * @param fn A function of tensors that gives one number.
 * @param options Which argument to differentiate by.
 * @returns A function of the same tensors.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function; at a call, if an argument is missing.
 * @throws {TensorError} `NOT_SCALAR` at a call, if it gives another number of elements.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` at a call, if a dtype has no gradient, or an operator on
 * the way.
 */
export function hessian(
  fn: TensorFunction,
  options?: JacobianOptions,
): TensorFunction {
  assertFunction("hessian", fn);
  const { argnums = 0 } = optionsOf<JacobianOptions>("hessian", options);
  return jacfwd(grad(fn, { argnums }), { argnums });
}

/** A function of tensors whose slopes are taken with respect to one of them. */
function slopesOf(
  operation: string,
  { fn, options }: {
    readonly fn: TensorFunction;
    readonly options: JacobianOptions | undefined;
  },
  take: (fn: TensorFunction, x: Tensor) => Tensor,
): TensorFunction {
  assertFunction(operation, fn);
  const { argnums = 0 } = optionsOf<JacobianOptions>(operation, options);
  return (...tensors) => {
    toNodes(operation, tensors);
    const [place] = chooseArguments(operation, argnums, tensors.length);
    const own = (x: Tensor) => fn(...tensors.with(place!, x));
    return take(own, tensors[place!]!);
  };
}

/** One tensor for each element: 1 there, and 0 elsewhere. */
function basisOf({ size, shape, dtype }: Tensor): Tensor {
  return eye(size, { dtype }).reshape([size, ...shape]);
}
