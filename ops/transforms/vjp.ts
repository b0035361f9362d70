import { assertFractions } from "../autograd/gradient.ts";
import { pullBack } from "../autograd/pull_back.ts";
import { constant } from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { Tensor, toNodes } from "../tensor.ts";
import { leavesOf, type TensorTree } from "../tensor_tree.ts";
import { callFresh, type TensorFunction } from "./call_fresh.ts";
import { assertAlike } from "./jvp.ts";

/**
 * What a function gives, and the way back.
 *
 * @typeParam Result What it gives.
 */
export interface VjpResult<Result extends TensorTree> {
  /** What the function gives. */
  readonly value: Result;
  /**
   * Carries gradients with respect to the result back to the arguments.
   *
   * @param cotangent One gradient for each tensor of the result, of its dtype and shape.
   * @returns One gradient an argument; zeros where the result does not depend on it.
   */
  pullback(cotangent: Result): Tensor[];
}

/**
 * Evaluates a function and gives the way back, in reverse mode: products of a vector with its Jacobian
 * matrix.
 *
 * @example Two outputs, one way back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor, vjp } from "@spiraltorch/spiraltorch";
 *
 * const { pullback } = vjp((x) => x!.mul(x!), [tensor([1, 2])]);
 * const [slope] = pullback(tensor([1, 10]));
 * assertEquals(await slope!.array(), [2, 40]);
 * ```
 *
 * @param fn The function.
 * @param primals Where to evaluate it: its arguments, which hold fractions.
 * @returns The function's result, and the way back.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function of tensors.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if a dtype has no gradient; on the way back, if an operator
 * has none.
 */
export function vjp<Result extends TensorTree>(
  fn: TensorFunction<Result>,
  primals: readonly Tensor[],
): VjpResult<Result> {
  const nodes = toNodes("vjp", primals);
  assertFractions(nodes);
  const { parameters, result, outputs } = callFresh("vjp", fn, nodes);
  assertFractions(outputs);
  const ends = { targets: parameters, stops: new Set(parameters) };
  return {
    value: result,
    pullback(cotangent) {
      const gradients = leavesOf(cotangent, "the cotangent of vjp")
        .map(({ node }) => node);
      assertAlike("vjp", outputs, gradients);
      const seeds = outputs.map((node, i) => [node, gradients[i]!] as const);
      return quietly(() => pullBack(seeds, ends)).map((found, i) =>
        new Tensor(found ?? constant(0, parameters[i]!.type))
      );
    },
  };
}
