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
 * Cross entropy between scores and probabilities of yes: `-t log σ(z) - (1 - t) log(1 - σ(z))`, for each
 * element.
 *
 * **Shapes**: `prediction [...], target [...] -> scalar`; `[...]` without reduction. The shapes must
 * be equal.
 *
 * **Numerics**: as `max(z, 0) - z t + log(1 + exp(-|z|))`, which overflows for no score.
 *
 * @param prediction What the model gives.
 * @param target What it should give.
 * @param options How the errors of the elements become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ.
 */
export function binaryCrossEntropyWithLogits(
  prediction: Tensor,
  target: Tensor,
  options?: LossOptions,
): Tensor {
  const { reduction = "mean" } = optionsOf(
    "binaryCrossEntropyWithLogits",
    options,
  );
  assertSameShape("binaryCrossEntropyWithLogits", prediction, target);
  const rest = prediction.abs().neg().exp().add(1).log();
  const losses = prediction.relu().sub(prediction.mul(target)).add(rest);
  return reduceLosses(losses, reduction);
}

/** `binary_cross_entropy_with_logits`: {@linkcode binaryCrossEntropyWithLogits} by name. */
export const binaryCrossEntropyWithLogitsDefinition: ModuleDefinition<
  LossConfig
> = {
  type: "binary_cross_entropy_with_logits",
  displayName: "Binary cross entropy",
  description: "Cross entropy between scores and probabilities of yes.",
  category: "Loss",
  config: LOSS_CONFIG_SCHEMA,
  create({ reduction }): Loss {
    return (prediction, target) =>
      binaryCrossEntropyWithLogits(prediction, target, { reduction });
  },
};
