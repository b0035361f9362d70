import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";

/**
 * Sigmoid linear unit: `x sigmoid(x)`.
 *
 * **Shapes**: `x [...] -> y [...]`.
 */
export class Silu extends Module {
  /**
   * Describes the result.
   *
   * @param x The input, `[...]`.
   * @returns The result, `[...]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Silu", x);
    return x.silu();
  }
}

/** `silu`: {@linkcode Silu} by name. */
export const siluDefinition: ModuleDefinition = {
  type: "silu",
  displayName: "Silu",
  description: "x times sigmoid(x), element by element.",
  category: "Activation",
  inferShape: (_, [x]) => x!,
  create: () => new Silu(),
  toConfig: (module) => module instanceof Silu ? {} : undefined,
};
