import { isFloatDType } from "../../core/base/mod.ts";
import { pullBack } from "../autograd/pull_back.ts";
import { after } from "../builtin/after.ts";
import { toNodes } from "../tensor.ts";
import { assertFunction, type TensorFunction } from "./call_fresh.ts";
import { callCaptured, capture } from "./capture.ts";

/**
 * Makes a function that gives the same, and keeps nothing for its gradient but its arguments: what it
 * computes on the way is computed again when the gradient needs it. Memory for time, as in deep models.
 *
 * The function is called once a call; what is computed again is the graph that it described, so random
 * numbers are the same. Gradients also reach tensors that it takes from outside, such as the parameters
 * of a module. What does not depend on the arguments, such as a random mask, is kept all the same.
 *
 * **Cost**: one more evaluation of the function where its gradient is taken.
 *
 * **Source**: Chen et al., "Training deep nets with sublinear memory cost" (2016).
 *
 * @example A layer that keeps only what went in
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { checkpoint, grad, type Tensor, tensor } from "@spiraltorch/spiraltorch";
 *
 * const w = tensor(3);
 * const layer = checkpoint((x: Tensor) => x.mul(w).mul(x));
 * assertEquals(await grad((x) => layer(layer(x)))(tensor(1)).item(), 108);
 * ```
 *
 * @param fn A function of tensors that gives one tensor.
 * @returns A function of the same tensors.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function; at a call, if it gives anything but one
 * tensor.
 */
export function checkpoint(fn: TensorFunction): TensorFunction {
  assertFunction("checkpoint", fn);
  return (...tensors) => {
    const nodes = toNodes("checkpoint", tensors);
    const captured = capture("checkpoint", fn, nodes);
    const { argumentCount, write } = captured;
    return callCaptured("checkpoint", captured, ({ inputs, gradient }) => {
      // Other nodes than the first time, so that nothing is kept for them; and not before they are needed.
      const again = inputs.map((input, i) =>
        i < argumentCount ? after(input, gradient) : input
      );
      const targets = again.filter(({ type }) => isFloatDType(type.dtype));
      const slopes = pullBack([[write(again), gradient]], {
        targets,
        stops: new Set(again),
      });
      return again.map((node) => slopes[targets.indexOf(node)]);
    });
  };
}
