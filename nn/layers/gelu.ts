import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";

/**
 * Gaussian error linear unit: `x Φ(x)`.
 *
 * **Shapes**: `x [...] -> y [...]`.
 */
export class Gelu extends Module {
  /**
   * Describes the result.
   *
   * @param x The input, `[...]`.
   * @returns The result, `[...]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Gelu", x);
    return x.gelu();
  }
}

/** `gelu`: {@linkcode Gelu} by name. */
export const geluDefinition: ModuleDefinition = {
  type: "gelu",
  displayName: "Gelu",
  description: "x times the share of a normal distribution below x.",
  category: "Activation",
  inferShape: (_, [x]) => x!,
  create: () => new Gelu(),
  toConfig: (module) => module instanceof Gelu ? {} : undefined,
};
