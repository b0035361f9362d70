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
 * Kullback-Leibler divergence of a distribution from logarithms of predicted probabilities:
 * `t (log t - prediction)`, for each element.
 *
 * **Shapes**: `prediction [...], target [...] -> scalar`; `[...]` without reduction. The shapes must
 * be equal.
 *
 * **Source**: Kullback, Leibler, "On information and sufficiency" (1951), equation 2.4. As in PyTorch,
 * `mean` is over all elements; for the divergence itself divide the sum by the batch.
 *
 * @param prediction What the model gives.
 * @param target What it should give.
 * @param options How the errors of the elements become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ.
 */
export function klDivergence(
  prediction: Tensor,
  target: Tensor,
  options?: LossOptions,
): Tensor {
  const { reduction = "mean" } = optionsOf("klDivergence", options);
  assertSameShape("klDivergence", prediction, target);
  // 0 log 0 is 0: the logarithm is taken of what is not 0.
  const isThere = target.greater(0);
  const logarithm = isThere.where(target, 1).log();
  const losses = isThere.where(target.mul(logarithm.sub(prediction)), 0);
  return reduceLosses(losses, reduction);
}

/** `kl_divergence`: {@linkcode klDivergence} by name. */
export const klDivergenceDefinition: ModuleDefinition<LossConfig> = {
  type: "kl_divergence",
  displayName: "Kullback-Leibler divergence",
  description: "How far predicted probabilities are from a distribution.",
  category: "Loss",
  config: LOSS_CONFIG_SCHEMA,
  create({ reduction }): Loss {
    return (prediction, target) =>
      klDivergence(prediction, target, { reduction });
  },
};
