// By file, not through ops/mod.ts: this also runs in a sandbox, where there are no backends.
import { optionsOf } from "../core/base/mod.ts";
import { Tensor, toNode } from "../ops/tensor.ts";
import { assertFlags } from "./check/assert_flags.ts";

/** Options of {@linkcode Parameter}. */
export interface ParameterOptions {
  /**
   * Whether training changes it.
   *
   * @default {true}
   */
  readonly trainable?: boolean;
  /**
   * Whether a state dict holds it.
   *
   * @default {true}
   */
  readonly persistent?: boolean;
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
  /** Whether gradients change it; what is not trainable is changed by its module alone. */
  readonly trainable: boolean;
  /** Whether a state dict holds it. */
  readonly persistent: boolean;

  /**
   * Constructs a new instance, which takes the tensor over: what training does to one is seen in
   * the other.
   *
   * @param value The tensor, computed or not.
   * @param options Whether training changes it, and a state dict holds it.
   */
  constructor(
    value: Tensor,
    options?: ParameterOptions,
  ) {
    const { trainable = true, persistent = true } = optionsOf(
      "Parameter",
      options,
    );
    super(toNode("Parameter", value));
    assertFlags("Parameter", { trainable, persistent });
    this.trainable = trainable;
    this.persistent = persistent;
  }
}
