import { resolveAxis, sizeOf } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import type { SymbolicShape, SymbolicSize } from "../symbolic_shape.ts";

/**
 * Each sample's elements in one row.
 *
 * **Shapes**: `x [batch, ...] -> y [batch, features]`.
 */
export class Flatten extends Module {
  /**
   * Describes the rows.
   *
   * @param x The samples, `[batch, ...]`.
   * @returns The rows, `[batch, features]`.
   * @throws {ShapeError} `AXIS_RANGE` if `x` is a scalar.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Flatten", x);
    resolveAxis("flatten", 0, x.shape);
    const [batch, ...sample] = x.shape;
    return x.reshape([batch!, sizeOf(sample)]);
  }
}

/** `flatten`: {@linkcode Flatten} by name. */
export const flattenDefinition: ModuleDefinition = {
  type: "flatten",
  displayName: "Flatten",
  description: "Each sample's elements in one row.",
  category: "Layer",
  inferShape(_, [x]) {
    const [batch, ...sample] = x!;
    return batch === undefined
      ? { wanted: "[batch, ...]" }
      : [batch, productOf(sample)];
  },
  create: () => new Flatten(),
  toConfig: (module) => module instanceof Flatten ? {} : undefined,
};

/** The product of sizes; in words, `28*width`, where one is known by name only. */
function productOf(sizes: SymbolicShape): SymbolicSize {
  const known = sizes.filter((size) => typeof size === "number");
  const names = sizes.filter((size) => typeof size === "string");
  const factor = sizeOf(known);
  if (names.length === 0) return factor;
  return [...factor === 1 ? [] : [factor], ...names].join("*");
}
