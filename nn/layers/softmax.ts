import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";

/** Settings of {@linkcode Softmax}. */
export interface SoftmaxConfig {
  /**
   * The axis along which elements add up to 1; negative ones count from the last.
   *
   * @default {-1}
   */
  readonly axis?: number;
}

/**
 * Exponentials along an axis, divided by their sum.
 *
 * **Shapes**: `x [...] -> y [...]`.
 */
export class Softmax extends Module {
  /** The axis along which elements add up to 1. */
  readonly axis: number;

  /**
   * Constructs a new instance.
   *
   * @param config The axis; `forward` checks that there is one.
   * @throws {OptionError} `INVALID_OPTION` if it is no number.
   */
  constructor(config?: SoftmaxConfig) {
    super();
    const { axis = -1 } = optionsOf("Softmax", config);
    assertNumber("Softmax axis", axis, { min: -Number.MAX_VALUE });
    this.axis = axis;
  }

  /**
   * Describes the result.
   *
   * @param x The input, `[...]`.
   * @returns The result, `[...]`.
   * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Softmax", x);
    return x.softmax(this.axis);
  }
}

/** `softmax`: {@linkcode Softmax} by name. */
export const softmaxDefinition: ModuleDefinition<SoftmaxConfig> = {
  type: "softmax",
  displayName: "Softmax",
  description: "Exponentials along an axis, divided by their sum.",
  category: "Activation",
  config: {
    type: "object",
    properties: { axis: { type: "integer", default: -1 } },
  },
  inferShape: (_, [x]) => x!,
  create: (config) => new Softmax(config),
  toConfig: (module) =>
    module instanceof Softmax ? { axis: module.axis } : undefined,
};
