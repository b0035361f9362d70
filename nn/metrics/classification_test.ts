// Against counts by hand, which are what scikit-learn's functions of the same names give.

import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, OptionError, ShapeError } from "../../core/base/mod.ts";
import { type Tensor, tensor } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import {
  accuracy,
  confusionMatrix,
  f1Score,
  perplexity,
  topKAccuracy,
} from "./classification.ts";

/** Found: 0, 2, 1, 0, 2, 2. Right: 0, 1, 2, 0, 2, 2. */
const SCORES = tensor([
  [0.8, 0.1, 0.1],
  [0.1, 0.3, 0.6],
  [0.0, 0.7, 0.3],
  [0.5, 0.4, 0.1],
  [0.2, 0.3, 0.5],
  [0.3, 0.1, 0.6],
]);
const TARGETS = tensor(Int32Array.of(0, 1, 2, 0, 2, 2));

Deno.test("accuracy() is the share of highest scores that are right", async () => {
  assertClose([await accuracy(SCORES, TARGETS).item()], [4 / 6]);
  const sequences = accuracy(
    SCORES.reshape([2, 3, 3]),
    TARGETS.reshape([2, 3]),
  );
  assertClose([await sequences.item()], [4 / 6]);
});

Deno.test("topKAccuracy() counts what is among the highest", async () => {
  const shares = [1, 2, 3].map((k) =>
    topKAccuracy(SCORES, TARGETS, { k }).item()
  );
  assertClose(await Promise.all(shares), [4 / 6, 1, 1]);
  const third = topKAccuracy(SCORES, tensor(Int32Array.of(1, 0, 0, 2, 0, 1)), {
    k: 2,
  });
  assertClose([await third.item()], [1 / 6]);
});

Deno.test("confusionMatrix() has right classes as rows, and found ones as columns", async () => {
  const counts = confusionMatrix(SCORES, TARGETS);
  assertEquals(counts.dtype, "int32");
  assertEquals(await counts.array(), [[2, 0, 0], [0, 0, 1], [0, 1, 2]]);
  // sklearn.metrics.confusion_matrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2])
  const found = tensor(Int32Array.of(0, 0, 2, 2, 0, 2)).oneHot(3).cast(
    "float32",
  );
  const other = confusionMatrix(found, tensor(Int32Array.of(2, 0, 2, 2, 0, 1)));
  assertEquals(await other.array(), [[2, 0, 0], [0, 0, 1], [1, 0, 2]]);
});

Deno.test("f1Score() is 2 tp / (2 tp + fp + fn), averaged in three ways", async () => {
  // sklearn.metrics.f1_score([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]): 0.8, 0, 0; 0.2666..., 0.3333...
  const found = tensor(Int32Array.of(0, 2, 1, 0, 0, 1)).oneHot(3).cast(
    "float32",
  );
  const counts = confusionMatrix(
    found,
    tensor(Int32Array.of(0, 1, 2, 0, 1, 2)),
  );
  assertClose(await f1Score(counts, { average: "none" }).data(), [0.8, 0, 0]);
  assertClose([await f1Score(counts).item()], [0.8 / 3]);
  assertClose([await f1Score(counts, { average: "micro" }).item()], [1 / 3]);
});

Deno.test("f1Score() is 0 for a class that neither occurs nor is found", async () => {
  const counts = tensor([[3, 0], [0, 0]], { dtype: "int32" });
  assertEquals(await f1Score(counts, { average: "none" }).array(), [1, 0]);
});

Deno.test("perplexity() is the number of classes where all are equally likely", async () => {
  const even = tensor(new Float32Array(2 * 3 * 5), { shape: [2, 3, 5] });
  const targets = tensor(Int32Array.of(0, 1, 2, 3, 4, 0), { shape: [2, 3] });
  assertClose([await perplexity(even, targets).item()], [5]);
  // Two samples of probability 1/2 and 1/8: exp of the mean of log 2 and log 8 is 4.
  const logits = tensor([[0.5, 0.5], [0.125, 0.875]]).log();
  assertClose([await perplexity(logits, tensor(Int32Array.of(0, 0))).item()], [
    4,
  ]);
});

type Metric = (scores: Tensor, targets: Tensor) => Tensor;

Deno.test.each<{ name: string; metric: Metric }>([
  { name: "accuracy", metric: accuracy },
  {
    name: "topKAccuracy",
    metric: (scores, targets) => topKAccuracy(scores, targets, { k: 1 }),
  },
  { name: "confusionMatrix", metric: confusionMatrix },
  { name: "perplexity", metric: perplexity },
])("$name() refuses what are no scores and classes", ({ metric }) => {
  assertThrows(() => metric(SCORES, TARGETS.slice([[0, 5]])), ShapeError);
  assertThrows(() => metric(SCORES, SCORES), ShapeError);
  assertThrows(
    () => metric(SCORES.slice([[0, 0]]), TARGETS.slice([[0, 0]])),
    ShapeError,
  );
  assertThrows(() => metric(SCORES, TARGETS.cast("float32")), DTypeError);
});

Deno.test("metrics refuse options that cannot be", () => {
  assertThrows(() => topKAccuracy(SCORES, TARGETS, { k: 0 }), OptionError);
  assertThrows(() => topKAccuracy(SCORES, TARGETS, { k: 4 }), ShapeError);
  assertThrows(() => f1Score(SCORES), ShapeError);
});
