import { dtypeMismatch, shapeMismatch } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";
import { reduceLosses } from "./reduce_losses.ts";

/**
 * Cross entropy between scores and classes: `-log softmax(logits)[target]`, for each sample.
 *
 * **Shapes**: `logits [batch, classes], targets [batch] -> scalar`; `[batch]` without reduction.
 *
 * **Numerics**: from logSoftmax, so no finite score overflows. A target outside `[0, classes)` that
 * is not a class counted from the end gives `NaN`.
 *
 * **Source**: Goodfellow, Bengio, Courville, Deep Learning (2016), §6.2.2.
 *
 * @example Two classes that are equally likely
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { crossEntropy } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const loss = crossEntropy(tensor([[5, 5]]), tensor(Int32Array.of(1)));
 * assertAlmostEquals(await loss.item(), Math.log(2), 1e-6);
 * ```
 *
 * @param logits Scores before softmax, `[batch, classes]`.
 * @param targets Number of the right class, `int32 [batch]`.
 * @param options How the losses of the samples become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  options?: LossOptions,
): Tensor {
  const { reduction = "mean" } = optionsOf("crossEntropy", options);
  assertTensor("crossEntropy", logits, targets);
  const isAligned = logits.rank === 2 && targets.rank === 1 &&
    logits.shape[0] === targets.shape[0];
  if (!isAligned) {
    throw shapeMismatch("crossEntropy", logits.shape, targets.shape, {
      rule: "they must be [batch, classes] and [batch]",
    });
  }
  if (targets.dtype !== "int32") {
    throw dtypeMismatch("crossEntropy targets", targets.dtype, ["int32"]);
  }
  const [batch] = targets.shape;
  const losses = logits.logSoftmax(-1)
    .gather(targets.reshape([batch!, 1]), 1)
    .reshape([batch!])
    .neg();
  return reduceLosses(losses, reduction);
}

/** `cross_entropy`: {@linkcode crossEntropy} by name. */
export const crossEntropyDefinition: ModuleDefinition<LossConfig> = {
  type: "cross_entropy",
  displayName: "Cross entropy",
  description: "Cross entropy between scores and numbers of classes.",
  category: "Loss",
  config: LOSS_CONFIG_SCHEMA,
  create({ reduction }): Loss {
    return (prediction, target) =>
      crossEntropy(prediction, target, { reduction });
  },
};
