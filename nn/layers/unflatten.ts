import { invalidOption, shapeMismatch, sizeOf } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { COUNT_SCHEMA } from "./convolution.ts";

/** Settings of {@linkcode Unflatten}. */
export interface UnflattenConfig {
  /** The sizes that the last axis becomes. */
  readonly shape: readonly number[];
}

/**
 * The last axis as several, such as rows of pixels as images.
 *
 * **Shapes**: `x [..., features] -> y [..., ...shape]`.
 *
 * @example Images of one channel
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Unflatten } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const images = new Unflatten({ shape: [1, 4, 4] }).forward(ones([2, 16]));
 * assertEquals(images.shape, [2, 1, 4, 4]);
 * ```
 */
export class Unflatten extends Module {
  /** The sizes that the last axis becomes. */
  readonly shape: readonly number[];

  /**
   * Constructs a new instance.
   *
   * @param config The sizes.
   * @throws {OptionError} `INVALID_OPTION` if a size is no whole number above 0.
   */
  constructor(config: UnflattenConfig) {
    super();
    const { shape } = optionsOf("Unflatten", config);
    if (!Array.isArray(shape)) {
      throw invalidOption("Unflatten shape", shape, "a list of sizes");
    }
    for (const size of shape) assertCount("Unflatten shape", size);
    this.shape = [...shape];
  }

  /**
   * Describes the axes.
   *
   * @param x The input, `[..., features]`.
   * @returns The same elements, `[..., ...shape]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Unflatten", x);
    if (x.shape.at(-1) !== sizeOf(this.shape)) {
      throw shapeMismatch("Unflatten", x.shape, this.shape, {
        rule: "the last axis must have as many places as the new ones",
      });
    }
    return x.reshape([...x.shape.slice(0, -1), ...this.shape]);
  }
}

/** `unflatten`: {@linkcode Unflatten} by name. */
export const unflattenDefinition: ModuleDefinition<UnflattenConfig> = {
  type: "unflatten",
  displayName: "Unflatten",
  description: "The last axis as several.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      shape: { type: "array", items: COUNT_SCHEMA, minItems: 1, maxItems: 8 },
    },
    required: ["shape"],
  },
  inferShape({ shape }, [x]) {
    const size = sizeOf(shape);
    return x!.at(-1) === size
      ? [...x!.slice(0, -1), ...shape]
      : { wanted: `[..., ${size}]` };
  },
  create: (config) => new Unflatten(config),
  toConfig: (module) =>
    module instanceof Unflatten ? { shape: module.shape } : undefined,
};
