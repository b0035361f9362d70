import { invalidOption, optionsOf } from "../../core/base/mod.ts";
import { gradientsOf } from "../autograd/gradient.ts";
import { Tensor, toNodes } from "../tensor.ts";
import {
  assertFunction,
  callFresh,
  type TensorFunction,
} from "./call_fresh.ts";

/** Options of {@linkcode grad}. */
export interface GradOptions {
  /**
   * Which arguments to differentiate by, counted from 0: a number, or a list, which makes the result
   * one.
   *
   * @default {0}
   */
  readonly argnums?: number | readonly number[];
}

/**
 * Makes the gradient of a function: it can be compiled, batched and differentiated again.
 *
 * @example The slope of x³ is 3x², and that of 3x² is 6x
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { grad, type Tensor, tensor } from "@spiraltorch/spiraltorch";
 *
 * const cube = (x: Tensor) => x.mul(x).mul(x);
 * assertEquals(await grad(cube)(tensor(2)).item(), 12);
 * assertEquals(await grad(grad(cube))(tensor(2)).item(), 12);
 * ```
 *
 * @param fn A function of tensors that gives one number.
 * @param options Which arguments to differentiate by.
 * @returns A function of the same tensors, which gives the gradient with respect to one of them; a list
 * of gradients, where `argnums` is a list.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function; at a call, if an argument is missing.
 * @throws {TensorError} `NOT_SCALAR` at a call, if it gives another number of elements.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` at a call, if a dtype has no gradient, or an operator on
 * the way.
 */
export function grad(
  fn: TensorFunction,
  options: { readonly argnums: readonly number[] },
): TensorFunction<readonly Tensor[]>;
/** The gradient with respect to one argument. */
export function grad(
  fn: TensorFunction,
  options?: { readonly argnums?: number },
): TensorFunction;
export function grad(
  fn: TensorFunction,
  options?: GradOptions,
): TensorFunction<Tensor | readonly Tensor[]> {
  assertFunction("grad", fn);
  const { argnums = 0 } = optionsOf<GradOptions>("grad", options);
  return (...tensors) => {
    const nodes = toNodes("grad", tensors);
    const chosen = chooseArguments("grad", argnums, nodes.length);
    const { parameters, outputs } = callFresh("grad", fn, nodes);
    const targets = chosen.map((place) => parameters[place]!);
    const found = gradientsOf(outputs[0]!, targets, {
      stops: new Set(parameters),
    }).map((node) => new Tensor(node));
    return Array.isArray(argnums) ? found : found[0]!;
  };
}

/**
 * Finds which arguments are meant.
 *
 * @param operation Name of the transform, for the message.
 * @param argnums Their numbers, counted from 0.
 * @param count How many arguments there are.
 * @returns The numbers.
 * @throws {OptionError} `INVALID_OPTION` if one of them is no argument.
 */
export function chooseArguments(
  operation: string,
  argnums: number | readonly number[],
  count: number,
): readonly number[] {
  const chosen: readonly unknown[] = Array.isArray(argnums)
    ? argnums
    : [argnums];
  for (const place of chosen) {
    const isArgument = Number.isInteger(place) && (place as number) >= 0 &&
      (place as number) < count;
    if (isArgument) continue;
    throw invalidOption(
      `argnums of ${operation}`,
      argnums,
      `numbers of arguments, from 0 below ${count}`,
    );
  }
  return chosen as readonly number[];
}
