import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";

/**
 * Hyperbolic tangent.
 *
 * **Shapes**: `x [...] -> y [...]`.
 */
export class Tanh extends Module {
  /**
   * Describes the result.
   *
   * @param x The input, `[...]`.
   * @returns The result, `[...]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Tanh", x);
    return x.tanh();
  }
}

/** `tanh`: {@linkcode Tanh} by name. */
export const tanhDefinition: ModuleDefinition = {
  type: "tanh",
  displayName: "Tanh",
  description: "Hyperbolic tangent, element by element.",
  category: "Activation",
  inferShape: (_, [x]) => x!,
  create: () => new Tanh(),
  toConfig: (module) => module instanceof Tanh ? {} : undefined,
};
