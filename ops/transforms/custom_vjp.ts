import { Tensor, toNodes } from "../tensor.ts";
import { invalidOption } from "../../core/base/mod.ts";
import { leavesOf } from "../tensor_tree.ts";
import { assertFunction, type TensorFunction } from "./call_fresh.ts";
import { callCaptured, capture } from "./capture.ts";

/** What a function keeps for its gradient. */
export interface CustomForward {
  /** What it gives: the same as the function itself. */
  readonly output: Tensor;
  /** What the gradient is computed from. */
  readonly residuals: readonly Tensor[];
}

/** The gradient of a function, as its author writes it. */
export interface CustomVjp {
  /**
   * Computes the function, and what its gradient needs. Left out, that is the arguments.
   *
   * @param tensors The arguments.
   */
  readonly forward?: (...tensors: readonly Tensor[]) => CustomForward;
  /**
   * Gives the gradient with respect to each argument; `undefined` for one that has none.
   *
   * @param residuals What `forward` kept.
   * @param gradient Gradient of the loss with respect to the function's output.
   */
  readonly backward: (
    residuals: readonly Tensor[],
    gradient: Tensor,
  ) => readonly (Tensor | undefined)[];
}

/**
 * Gives a function of tensors a gradient of its own: one that is more stable, or cheaper, than that of
 * what it is made of, or that is none, on purpose. All transforms use it, forward mode too.
 *
 * Tensors that the function takes from outside count as constants for gradients: those that do not must
 * be arguments. Second derivatives are those of what `backward` describes.
 *
 * **Source**: JAX `custom_vjp`, PyTorch `torch.autograd.Function`.
 *
 * @example A gradient that is clipped on its way back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { customVjp, grad, tensor } from "@spiraltorch/spiraltorch";
 *
 * const clip = customVjp((x) => x!, {
 *   backward: (_, gradient) => [gradient.clamp(-1, 1)],
 * });
 * assertEquals(await grad((x) => clip(x!).mul(5))(tensor(3)).item(), 1);
 * ```
 *
 * @param fn A function of tensors that gives one tensor.
 * @param rule Its gradient.
 * @returns A function of the same tensors.
 * @throws {OptionError} `INVALID_OPTION` if `fn` or part of the rule is no function; at a call, if it
 * gives anything but one tensor.
 * @throws {TensorError} `OPERATOR_ARITY` or `GRADIENT_SHAPE_MISMATCH` where its gradient is taken, if
 * `backward` gives too few, or one of another shape.
 */
export function customVjp(fn: TensorFunction, rule: CustomVjp): TensorFunction {
  assertFunction("customVjp", fn);
  const { forward, backward } = rule ?? {};
  assertFunction("customVjp as backward", backward);
  if (forward !== undefined) assertFunction("customVjp as forward", forward);
  return (...tensors) => {
    const nodes = toNodes("customVjp", tensors);
    const captured = capture("customVjp", fn, nodes);
    const { argumentCount } = captured;
    return callCaptured("customVjp", captured, ({ inputs, gradient }) => {
      const given = inputs.slice(0, argumentCount)
        .map((node) => new Tensor(node));
      const residuals = forward ? residualsOf(forward(...given)) : given;
      const slopes = backward(residuals, new Tensor(gradient));
      const found = slopes.map((slope) => slope?.node);
      // What it takes from outside are inputs, too, though not for gradients.
      return [...found, ...inputs.slice(argumentCount).map(() => undefined)];
    });
  };
}

function residualsOf(given: CustomForward): readonly Tensor[] {
  if (given?.output instanceof Tensor) {
    return leavesOf([...given.residuals], "the residuals of customVjp");
  }
  throw invalidOption(
    "what forward of customVjp gives",
    given,
    "an output and residuals",
  );
}
