/**
 * How well scores tell classes: tensors of scores and of right classes in, tensors out, so that metrics
 * can be compiled, realized together, or summed over batches.
 *
 * @module
 */
import { dtypeMismatch, shapeMismatch } from "../../core/base/mod.ts";
import { eye, optionsOf, type Tensor, where } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";

/**
 * The share of samples whose highest score is that of the right class.
 *
 * **Shapes**: `scores [..., classes], targets int32 [...] -> scalar`.
 *
 * @example Two of three
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { accuracy } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const scores = tensor([[2, 1], [0, 3], [4, 5]]);
 * const share = accuracy(scores, tensor(Int32Array.of(0, 1, 0)));
 * assertAlmostEquals(await share.item(), 2 / 3, 1e-6);
 * ```
 *
 * @param scores Scores, the higher the likelier.
 * @param targets Numbers of the right classes.
 * @returns The share, from 0 to 1.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 */
export function accuracy(scores: Tensor, targets: Tensor): Tensor {
  assertScores("accuracy", scores, targets);
  return scores.argmax(-1).equal(targets).cast("float32").mean();
}

/**
 * The share of samples whose right class is among the `k` highest scores. Of equal scores, those of
 * lower numbers count as higher.
 *
 * **Shapes**: `scores [..., classes], targets int32 [...] -> scalar`.
 *
 * @param scores Scores, the higher the likelier.
 * @param targets Numbers of the right classes.
 * @param options How many scores count.
 * @returns The share, from 0 to 1.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others, or there are fewer classes than `k`.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 * @throws {OptionError} `INVALID_OPTION` if `k` is no whole number above 0.
 */
export function topKAccuracy(
  scores: Tensor,
  targets: Tensor,
  options: { readonly k: number },
): Tensor {
  const { k } = optionsOf("topKAccuracy", options);
  assertScores("topKAccuracy", scores, targets);
  assertCount("topKAccuracy k", k);
  if (k > scores.shape.at(-1)!) {
    throw shapeMismatch("topKAccuracy", scores.shape, [k], {
      rule: "there must be as many classes as k",
    });
  }
  const { indices } = scores.topK(k);
  const isHit = indices.equal(targets.unsqueeze(-1)).cast("float32");
  return isHit.sum(-1).mean();
}

/**
 * Counts how often each class was taken for each other: rows are right classes, columns those with the
 * highest score.
 *
 * **Shapes**: `scores [..., classes], targets int32 [...] -> int32 [classes, classes]`. Matrices of
 * batches may be added up.
 *
 * @example One class taken for the other
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { confusionMatrix } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const scores = tensor([[2, 1], [0, 3], [4, 5]]);
 * const counts = confusionMatrix(scores, tensor(Int32Array.of(0, 1, 0)));
 * assertEquals(await counts.array(), [[1, 1], [0, 1]]);
 * ```
 *
 * @param scores Scores, the higher the likelier.
 * @param targets Numbers of the right classes.
 * @returns The counts.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 */
export function confusionMatrix(scores: Tensor, targets: Tensor): Tensor {
  assertScores("confusionMatrix", scores, targets);
  const classes = scores.shape.at(-1)!;
  const right = targets.reshape([targets.size]).oneHot(classes);
  const found = scores.argmax(-1).reshape([targets.size]).oneHot(classes);
  return right.cast("float32").transpose().matmul(found.cast("float32"))
    .cast("int32");
}

/** Options of {@linkcode f1Score}. */
export interface F1Options {
  /**
   * How the scores of the classes become one: `macro` takes their mean, `micro` counts all samples
   * alike, `none` gives one a class.
   *
   * @default {"macro"}
   */
  readonly average?: "macro" | "micro" | "none";
}

/**
 * The harmonic mean of precision and recall: `2 tp / (2 tp + fp + fn)`, and 0 for a class that neither
 * occurs nor is found.
 *
 * **Shapes**: `confusion [classes, classes] -> scalar`; `[classes]` for `none`.
 *
 * **Source**: van Rijsbergen, Information Retrieval (1979), chapter 7, with β = 1.
 *
 * @example From counts
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { f1Score } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const confusion = tensor([[1, 1], [0, 1]], { dtype: "int32" });
 * assertAlmostEquals(await f1Score(confusion).item(), 2 / 3, 1e-6);
 * ```
 *
 * @param confusion Counts, as {@linkcode confusionMatrix} gives them.
 * @param options How the classes become one number.
 * @returns The score, from 0 to 1.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the counts are no square.
 * @throws {OptionError} `INVALID_OPTION` if there is no such `average`.
 */
export function f1Score(
  confusion: Tensor,
  options?: F1Options,
): Tensor {
  const { average = "macro" } = optionsOf("f1Score", options);
  assertOneOf("f1Score average", average, ["macro", "micro", "none"]);
  assertTensor("f1Score", confusion);
  const [rows, columns] = confusion.shape;
  if (confusion.rank !== 2 || rows !== columns) {
    throw shapeMismatch("f1Score", confusion.shape, [rows ?? 0, rows ?? 0], {
      rule: "counts must be [classes, classes]",
    });
  }
  const counts = confusion.cast("float32");
  const hits = counts.mul(eye(rows!));
  const perClass = hits.sum(1);
  // A sample that is missed by one class is taken for another: both are in the sums of rows and columns.
  const all = counts.sum(0).add(counts.sum(1));
  if (average === "micro") return perClass.sum().mul(2).div(all.sum());
  const scores = where(
    all.greater(0),
    perClass.mul(2).div(all.maximum(1)),
    0,
  );
  return average === "macro" ? scores.mean() : scores;
}

/**
 * How many classes a model is torn between, on average: `exp` of the mean cross entropy.
 *
 * **Shapes**: `logits [..., classes], targets int32 [...] -> scalar`.
 *
 * @param logits Scores before softmax.
 * @param targets Numbers of the right classes.
 * @returns The perplexity, from 1.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 */
export function perplexity(logits: Tensor, targets: Tensor): Tensor {
  return meanCrossEntropy(logits, targets).exp();
}

/**
 * The mean cross entropy of all places, whose `exp` is {@linkcode perplexity}.
 *
 * @param logits Scores before softmax, `[..., classes]`.
 * @param targets Numbers of the right classes, `int32 [...]`.
 * @returns The mean, a scalar.
 */
export function meanCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  assertScores("perplexity", logits, targets);
  const rows = logits.reshape([targets.size, logits.shape.at(-1)!]);
  return crossEntropy(rows, targets.reshape([targets.size]));
}

function assertScores(action: string, scores: Tensor, targets: Tensor): void {
  assertTensor(action, scores, targets);
  const isAligned = scores.rank === targets.rank + 1 &&
    targets.shape.every((size, axis) => scores.shape[axis] === size);
  if (!isAligned || targets.size === 0) {
    throw shapeMismatch(action, scores.shape, targets.shape, {
      rule: "they must be [..., classes] and [...], with at least one sample",
    });
  }
  if (targets.dtype !== "int32") {
    throw dtypeMismatch(`${action} targets`, targets.dtype, ["int32"]);
  }
}
