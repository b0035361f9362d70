import { equalShapes, shapeMismatch } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";

/**
 * Requires that predictions and targets have one shape: broadcasting `[batch]` against `[batch, 1]`
 * would be a mistake that goes unseen.
 *
 * @param name Name of the loss, for errors.
 * @param prediction What the model gives.
 * @param target What it should give.
 * @throws {OptionError} `INVALID_OPTION` if one is no tensor.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ.
 */
export function assertSameShape(
  name: string,
  prediction: Tensor,
  target: Tensor,
): void {
  assertTensor(name, prediction, target);
  if (equalShapes(prediction.shape, target.shape)) return;
  throw shapeMismatch(name, prediction.shape, target.shape, {
    rule: "they must be equal",
  });
}
