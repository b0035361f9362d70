import { assertFunction, assertInstance } from "../core/base/mod.ts";
import type { Tensor } from "../ops/tensor.ts";
import { Module } from "./module.ts";

/**
 * Called with what a module was applied to and what it gives, not computed yet.
 *
 * @param output What the module gives.
 * @param inputs What it was applied to.
 * @returns What is to take the place of the output; nothing to leave it as it is.
 */
export type ForwardHook = (
  output: Tensor,
  inputs: readonly Tensor[],
) => Tensor | undefined | void;

/**
 * Looks at what one module of a model gives, or replaces it, wherever it is applied. Of several hooks the
 * last that came is called last.
 *
 * A compiled step describes the model once: hooks are called then, and stay in it as they were.
 *
 * @example Features on their way
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { onForward, Relu, Sequential, Tanh } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const relu = new Relu();
 * const model = new Sequential([relu, new Tanh()]);
 * const seen: (readonly number[])[] = [];
 * {
 *   using _hook = onForward(relu, ({ shape }) => void seen.push(shape));
 *   model.forward(tensor([1, -1]));
 * }
 * model.forward(tensor([1]));
 * assertEquals(seen, [[2]]);
 * ```
 *
 * @param module The module.
 * @param hook What is called.
 * @returns The hook's registration; disposing it takes the hook away, whatever came after it.
 */
export function onForward(module: Module, hook: ForwardHook): Disposable {
  assertInstance("module of onForward", module, Module);
  assertFunction("hook of onForward", hook);
  const before = module.forward;
  let isActive = true;
  module.forward = (...inputs) => {
    const output = before.apply(module, inputs);
    return isActive ? hook(output, inputs) ?? output : output;
  };
  return {
    [Symbol.dispose]() {
      isActive = false;
    },
  };
}
