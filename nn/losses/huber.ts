import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { assertSameShape } from "./assert_same_shape.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";
import { reduceLosses } from "./reduce_losses.ts";

/** Options of {@linkcode huber}. */
export interface HuberOptions extends LossOptions {
  /**
   * The error from which on the loss grows in a line.
   *
   * @default {1}
   */
  readonly delta?: number;
}

/** Settings of {@linkcode huber} in a config. */
export interface HuberConfig extends LossConfig {
  /** The error from which on the loss grows in a line. */
  readonly delta: number;
}

/**
 * Squared error where it is small, absolute error where it is large: `e² / 2` up to `δ`, from there on
 * `δ (|e| - δ / 2)`, for each element.
 *
 * **Shapes**: `prediction [...], target [...] -> scalar`; `[...]` without reduction. The shapes must
 * be equal.
 *
 * **Source**: Huber, "Robust estimation of a location parameter" (1964).
 *
 * @param prediction What the model gives.
 * @param target What it should give.
 * @param options Where the line begins, and how the errors become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ.
 * @throws {OptionError} `INVALID_OPTION` if `delta` is no number from 0.
 */
export function huber(
  prediction: Tensor,
  target: Tensor,
  options?: HuberOptions,
): Tensor {
  const { delta = 1, reduction = "mean" } = optionsOf("huber", options);
  assertSameShape("huber", prediction, target);
  assertNumber("huber delta", delta, { min: 0 });
  const size = prediction.sub(target).abs();
  const near = size.minimum(delta);
  // Where it is small both are the error itself.
  const losses = near.mul(size.sub(near.mul(0.5)));
  return reduceLosses(losses, reduction);
}

/** `huber`: {@linkcode huber} by name. */
export const huberDefinition: ModuleDefinition<HuberConfig> = {
  type: "huber",
  displayName: "Huber",
  description: "Squared error where it is small, absolute where it is large.",
  category: "Loss",
  config: {
    type: "object",
    properties: {
      ...LOSS_CONFIG_SCHEMA["properties"] as object,
      delta: { type: "number", minimum: 0, default: 1 },
    },
  },
  create({ delta, reduction }): Loss {
    return (prediction, target) =>
      huber(prediction, target, { delta, reduction });
  },
};
