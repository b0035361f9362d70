import { assertInstance } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { Module } from "../module.ts";

/**
 * What a module gives, added to what it is applied to: `y = x + f(x)`.
 *
 * **Shapes**: `x [...] -> y [...]`; the module must keep the shape, or broadcast to it.
 *
 * **Source**: He et al., "Deep residual learning for image recognition" (2015), equation 1.
 *
 * @example A block that starts near the identity
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Linear, Relu, Residual, Sequential } from "@spiraltorch/spiraltorch/nn";
 *
 * const block = new Residual(
 *   new Sequential([
 *     new Relu(),
 *     new Linear({ inFeatures: 8, outFeatures: 8 }),
 *   ]),
 * );
 * assertEquals([...block.parameters().keys()], ["inner.1.weight", "inner.1.bias"]);
 * ```
 */
export class Residual extends Module {
  /** What is added. */
  readonly inner: Module;

  /**
   * Constructs a new instance.
   *
   * @param inner What is added.
   * @throws {OptionError} `INVALID_OPTION` if it is no module.
   */
  constructor(inner: Module) {
    super();
    assertInstance("Residual inner", inner, Module);
    this.inner = inner;
  }

  /**
   * Describes the sum.
   *
   * @param x The input, `[...]`.
   * @returns The sum, `[...]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not go together.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Residual", x);
    return x.add(this.inner.forward(x));
  }
}
