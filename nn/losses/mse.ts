import { optionsOf, type Tensor } from "../../ops/mod.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { assertSameShape } from "./assert_same_shape.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";
import { reduceLosses } from "./reduce_losses.ts";

/**
 * Squared error, `(prediction - target)²`, for each element.
 *
 * **Shapes**: `prediction [...], target [...] -> scalar`; `[...]` without reduction. The shapes must
 * be equal: broadcasting `[batch]` against `[batch, 1]` would be a mistake that goes unseen.
 *
 * @param prediction What the model gives.
 * @param target What it should give.
 * @param options How the errors of the elements become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ.
 */
export function mse(
  prediction: Tensor,
  target: Tensor,
  options?: LossOptions,
): Tensor {
  const { reduction = "mean" } = optionsOf("mse", options);
  assertSameShape("mse", prediction, target);
  const error = prediction.sub(target);
  return reduceLosses(error.mul(error), reduction);
}

/** `mse`: {@linkcode mse} by name. */
export const mseDefinition: ModuleDefinition<LossConfig> = {
  type: "mse",
  displayName: "Mean squared error",
  description: "Squared distance between predictions and targets.",
  category: "Loss",
  config: LOSS_CONFIG_SCHEMA,
  create({ reduction }): Loss {
    return (prediction, target) => mse(prediction, target, { reduction });
  },
};
