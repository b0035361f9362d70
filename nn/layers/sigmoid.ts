import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";

/**
 * Logistic function: `1 / (1 + exp(-x))`.
 *
 * **Shapes**: `x [...] -> y [...]`.
 */
export class Sigmoid extends Module {
  /**
   * Describes the result.
   *
   * @param x The input, `[...]`.
   * @returns The result, `[...]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Sigmoid", x);
    return x.sigmoid();
  }
}

/** `sigmoid`: {@linkcode Sigmoid} by name. */
export const sigmoidDefinition: ModuleDefinition = {
  type: "sigmoid",
  displayName: "Sigmoid",
  description: "Logistic function, element by element.",
  category: "Activation",
  inferShape: (_, [x]) => x!,
  create: () => new Sigmoid(),
  toConfig: (module) => module instanceof Sigmoid ? {} : undefined,
};
