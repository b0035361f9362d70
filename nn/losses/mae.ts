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
 * Absolute error, `|prediction - target|`, for each element.
 *
 * **Shapes**: `prediction [...], target [...] -> scalar`; `[...]` without reduction. The shapes must
 * be equal.
 *
 * @param prediction What the model gives.
 * @param target What it should give.
 * @param options How the errors of the elements become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ.
 */
export function mae(
  prediction: Tensor,
  target: Tensor,
  options?: LossOptions,
): Tensor {
  const { reduction = "mean" } = optionsOf("mae", options);
  assertSameShape("mae", prediction, target);
  return reduceLosses(prediction.sub(target).abs(), reduction);
}

/** `mae`: {@linkcode mae} by name. */
export const maeDefinition: ModuleDefinition<LossConfig> = {
  type: "mae",
  displayName: "Mean absolute error",
  description: "Distance between predictions and targets.",
  category: "Loss",
  config: LOSS_CONFIG_SCHEMA,
  create({ reduction }): Loss {
    return (prediction, target) => mae(prediction, target, { reduction });
  },
};
