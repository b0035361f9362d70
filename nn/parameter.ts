// By file, not through ops/mod.ts: this also runs in a sandbox, where there are no backends.
import { Tensor, toNode } from "../ops/tensor.ts";

/** Options of {@linkcode Parameter}. */
export interface ParameterOptions {
  /**
   * Whether training changes it.
   *
   * @default {true}
   */
  readonly trainable?: boolean;
}

/**
 * A tensor that belongs to a model: training changes its elements, and a state dict holds them.
 *
 * @example A lazy tensor becomes a parameter
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Parameter } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const scale = new Parameter(ones([3]));
 * assertEquals(scale.trainable, true);
 * assertEquals(await scale.mul(2).array(), [2, 2, 2]);
 * ```
 */
export class Parameter extends Tensor {
  /** Whether training changes it. */
  readonly trainable: boolean;

  /**
   * Constructs a new instance, which takes the tensor over: what training does to one is seen in
   * the other.
   *
   * @param value The tensor, computed or not.
   * @param options Whether training changes it.
   */
  constructor(value: Tensor, { trainable = true }: ParameterOptions = {}) {
    super(toNode("Parameter", value));
    this.trainable = trainable;
  }
}
