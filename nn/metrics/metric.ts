/**
 * Metrics over any number of batches: each batch adds numbers up, and the measure follows from the sums,
 * so that a last batch with fewer samples counts for less, and scores such as F1 are those of all samples
 * and no mean of batches.
 *
 * @module
 */
import { assertFunction } from "../../core/base/mod.ts";
import { full, optionsOf, stack, type Tensor } from "../../ops/mod.ts";

/** Measures how good predictions are, over any number of batches. */
export interface Metric {
  /**
   * Describes what a batch adds.
   *
   * @param prediction What the model gives, `[batch, ...]`.
   * @param target What it should give, `[batch, ...]`.
   * @returns Numbers of a shape that all batches share, not computed yet.
   */
  measure(prediction: Tensor, target: Tensor): Tensor;
  /**
   * Describes the measure.
   *
   * @param sums What all batches have added up to, `float32`.
   * @returns The measure, a scalar or several numbers, not computed yet.
   */
  result(sums: Tensor): Tensor;
}

/** What a metric has measured: a number, or numbers in lists. */
export type MetricValue = number | readonly MetricValue[];

/** Options of {@linkcode meanMetric}. */
export interface MeanMetricOptions {
  /**
   * Describes the measure by the mean: the mean itself if left out.
   *
   * @param mean The mean, a scalar.
   * @returns The measure.
   */
  readonly then?: (mean: Tensor) => Tensor;
}

/**
 * Makes a metric of a mean: batches count by how many targets they have.
 *
 * @example Accuracy over two batches
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accuracy, meanMetric } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const metric = meanMetric(accuracy); // for the `metrics` of a Trainer
 * const scores = tensor([[2, 1], [0, 3], [4, 5]]);
 * const one = metric.measure(scores, tensor(Int32Array.of(0, 1, 0)));
 * const other = metric.measure(scores.slice([[0, 1]]), tensor(Int32Array.of(0)));
 * assertEquals(await metric.result(one.add(other)).item(), 0.75);
 * ```
 *
 * @param mean Describes the mean over a batch.
 * @param options What follows from the mean of all batches.
 * @returns The metric.
 * @throws {OptionError} `INVALID_OPTION` if one of them is no function.
 */
export function meanMetric(
  mean: (prediction: Tensor, target: Tensor) => Tensor,
  options?: MeanMetricOptions,
): Metric {
  const { then = (all: Tensor) => all } = optionsOf("meanMetric", options);
  assertFunction("mean of meanMetric", mean);
  assertFunction("then of meanMetric", then);
  return {
    measure(prediction, target) {
      const count = full([], target.size);
      return stack([mean(prediction, target).mul(count), count]);
    },
    result(sums) {
      const [sum, count] = sums.split(2);
      return then(sum!.div(count!).reshape([]));
    },
  };
}
