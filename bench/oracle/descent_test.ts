import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { DescentWorkload } from "../workload.ts";
import { descentFound, descentResult, direction } from "./descent.ts";

/** Half the mean of the squares of `x w`, whose slope is known. */
const SQUARES: DescentWorkload = {
  kind: "descent",
  name: "squares",
  inputs: [{ shape: [1, 2], bound: 1 }, { shape: [2, 1], bound: 1 }],
  steps: [{ op: "matmul", left: 0, right: 1 }],
  learned: [1],
  loss: "squares",
  learningRate: 0.5,
  work: { kind: "time", unit: "ms", parts: 1 },
};

Deno.test("descentResult() gives the loss and its slope along the direction", () => {
  const inputs = [Float32Array.of(3, 4), Float32Array.of(1, 2)];
  const [loss, slope] = descentResult(SQUARES, inputs);
  assertAlmostEquals(loss, 121 / 2, 1e-12);
  // The slope by w is y x.
  const want = 33 * direction([1, 0]) + 44 * direction([1, 1]);
  assertAlmostEquals(slope, want, 1e-6);
});

Deno.test("descentResult() takes the cross entropy of the last input's classes", () => {
  const workload: DescentWorkload = {
    ...SQUARES,
    inputs: [
      { shape: [1, 2], bound: 1 },
      { shape: [1, 2], bound: 1 },
      { shape: [1, 2], bound: 1 },
    ],
    steps: [{ op: "add", left: 0, right: 1 }],
    loss: "crossEntropy",
  };
  const inputs = [[1, 0], [1, 0], [0, 1]].map((x) => Float32Array.from(x));
  const [loss] = descentResult(workload, inputs);
  assertAlmostEquals(loss, Math.log(1 + Math.exp(2)), 1e-12);
});

Deno.test("descentFound() reads the slope off a step", () => {
  const [loss, slope] = descentFound(SQUARES, {
    loss: 7,
    before: [[1, 2]],
    after: [[1 - 0.5 * 33, 2 - 0.5 * 44]],
  });
  assertEquals(loss, 7);
  assertAlmostEquals(
    slope!,
    33 * direction([1, 0]) + 44 * direction([1, 1]),
    1e-4,
  );
});
