import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";

/**
 * Rectified linear unit: `max(x, 0)`.
 *
 * **Shapes**: `x [...] -> y [...]`.
 */
export class Relu extends Module {
  /**
   * Describes the result.
   *
   * @param x The input, `[...]`.
   * @returns The result, `[...]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Relu", x);
    return x.relu();
  }
}

/** `relu`: {@linkcode Relu} by name. */
export const reluDefinition: ModuleDefinition = {
  type: "relu",
  displayName: "Relu",
  description: "max(x, 0), element by element.",
  category: "Activation",
  inferShape: (_, [x]) => x!,
  create: () => new Relu(),
  toConfig: (module) => module instanceof Relu ? {} : undefined,
};
