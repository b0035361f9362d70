import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import { tensor, zeros } from "../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  randomArray,
} from "../../testing/mod.ts";
import { crossEntropy } from "./cross_entropy.ts";

// Expected values by hand: the loss is -log of the probability of the target.
Deno.test.each([
  {
    name: "equal scores",
    logits: [[3, 3, 3]],
    targets: [2],
    want: [Math.log(3)],
  },
  {
    name: "known ratio 1:3",
    logits: [[0, Math.log(3)], [0, Math.log(3)]],
    targets: [0, 1],
    want: [Math.log(4), Math.log(4 / 3)],
  },
  {
    name: "scores that overflow exp()",
    logits: [[1e4, 0], [-1e4, 0]],
    targets: [0, 0],
    want: [0, 1e4],
  },
])("crossEntropy() $name", async ({ logits, targets, want }) => {
  const losses = crossEntropy(
    tensor(logits),
    tensor(Int32Array.from(targets)),
    { reduction: "none" },
  );
  assertEquals(losses.shape, [targets.length]);
  assertClose(await losses.data(), want, { tolerance: 1e-5 });
});

Deno.test("crossEntropy() takes the mean or the sum over samples", async () => {
  const logits = tensor([[0, Math.log(3)], [0, Math.log(3)]]);
  const targets = tensor(Int32Array.of(0, 1));
  const sum = Math.log(4) + Math.log(4 / 3);
  const mean = crossEntropy(logits, targets);
  assertClose([await mean.item()], [sum / 2], { tolerance: 1e-5 });
  const total = crossEntropy(logits, targets, { reduction: "sum" });
  assertClose([await total.item()], [sum], { tolerance: 1e-5 });
});

Deno.test("crossEntropy() has gradients that agree with central differences", async () => {
  const targets = tensor(Int32Array.of(0, 2, 2, 1));
  for (let seed = 0; seed < 5; seed++) {
    const logits = tensor(randomArray(12, seed), { shape: [4, 3] });
    for (const reduction of ["mean", "none"] as const) {
      await assertGradients(
        (x) => crossEntropy(x!, targets, { reduction }),
        [logits],
        { seed },
      );
    }
  }
});

Deno.test.each([
  { logits: [2, 3], targets: [3] },
  { logits: [2, 3], targets: [2, 1] },
  { logits: [2], targets: [2] },
])("crossEntropy() rejects the shapes %j", ({ logits, targets }) => {
  const error = assertThrows(
    () => crossEntropy(zeros(logits), zeros(targets, { dtype: "int32" })),
    ShapeError,
    "they must be [batch, classes] and [batch]",
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("crossEntropy() rejects targets that are no numbers of classes", () => {
  const error = assertThrows(
    () => crossEntropy(zeros([2, 3]), zeros([2])),
    DTypeError,
    "crossEntropy targets",
  );
  assertEquals(error.code, "DTYPE_MISMATCH");
});
