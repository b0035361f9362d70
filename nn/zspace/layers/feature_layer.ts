import {
  equalShapes,
  type JsonObject,
  shapeMismatch,
} from "../../../core/base/mod.ts";
import { type Tensor, UNKNOWN_TYPE } from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import type { ShapeInference, SymbolicShape } from "../../symbolic_shape.ts";

/** The setting of a layer that knows how many features it takes, as JSON Schema. */
export const FEATURES_PROPERTY: JsonObject = {
  features: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
};

/**
 * Requires that a tensor has as many features as a layer takes.
 *
 * @param layer Name of the layer.
 * @param x The tensor, `[..., features]`.
 * @param features The number.
 * @throws {OptionError} `INVALID_OPTION` if it is no tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if its last axis has another size.
 */
export function assertFeatures(
  layer: string,
  x: Tensor,
  features: number,
): void {
  assertTensor(layer, x);
  if (x.node.type === UNKNOWN_TYPE) return;
  if (equalShapes(x.shape.slice(-1), [features])) return;
  throw shapeMismatch(layer, x.shape, [features], {
    axis: -1,
    rule: "sizes must be equal",
  });
}

/**
 * Tells the shape of the output of a layer that keeps shapes.
 *
 * @param config How many features it takes.
 * @param inputs Shapes of the inputs.
 * @returns The shape, or what was wanted instead.
 */
export function keepFeatures(
  { features }: { readonly features: number },
  [x]: readonly SymbolicShape[],
): ShapeInference {
  return x!.at(-1) === features ? [...x!] : { wanted: `[..., ${features}]` };
}
