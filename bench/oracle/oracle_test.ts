import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { trainingInputs } from "../inputs.ts";
import { formulaResult } from "./formula.ts";
import { relativeError } from "./relative_error.ts";
import { trainingLoss } from "./training.ts";
import type { Step, TrainingWorkload } from "../workload.ts";

function result(
  steps: readonly Step[],
  inputs: readonly { shape: readonly number[]; data: readonly number[] }[],
): number[] {
  return [...formulaResult({
    inputs: inputs.map(({ shape }) => ({ shape, bound: 1 })),
    steps,
  }, inputs.map(({ data }) => Float32Array.from(data)))];
}

const MATRIX = { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] };

Deno.test.each<{ op: string; step: Step; want: number[] }>([
  {
    op: "transpose",
    step: { op: "transpose", x: 0 },
    want: [1, 4, 2, 5, 3, 6],
  },
  { op: "sum of all", step: { op: "sum", x: 0, axes: [0, 1] }, want: [21] },
  { op: "sum of rows", step: { op: "sum", x: 0, axes: [1] }, want: [6, 15] },
  {
    op: "sum of columns",
    step: { op: "sum", x: 0, axes: [0] },
    want: [5, 7, 9],
  },
  { op: "sub", step: { op: "sub", left: 0, right: 0 }, want: Array(6).fill(0) },
])("formulaResult() knows $op", ({ step, want }) => {
  assertEquals(result([step], [MATRIX]), want);
});

Deno.test("formulaResult() multiplies matrices, one pair at a time", () => {
  const left = { shape: [2, 1, 2], data: [1, 2, 3, 4] };
  const right = { shape: [2, 2, 1], data: [5, 6, 7, 8] };
  assertEquals(
    result([{ op: "matmul", left: 0, right: 1 }], [left, right]),
    [17, 53],
  );
});

Deno.test("formulaResult() convolves with zeros around", () => {
  const image = { shape: [1, 1, 2, 3], data: [1, 2, 3, 4, 5, 6] };
  // Only the element to the lower right of the middle counts.
  const filter = { shape: [1, 1, 3, 3], data: [0, 0, 0, 0, 0, 0, 0, 0, 1] };
  const step: Step = { op: "conv2d", x: 0, weight: 1, groups: 1 };
  assertEquals(result([step], [image, filter]), [5, 6, 0, 0, 0, 0]);
});

Deno.test("formulaResult() convolves groups apart", () => {
  const images = { shape: [1, 2, 1, 1], data: [3, 5] };
  const filters = { shape: [2, 1, 1, 1], data: [2, 7] };
  const step: Step = { op: "conv2d", x: 0, weight: 1, groups: 2 };
  assertEquals(result([step], [images, filters]), [6, 35]);
  const all = { shape: [2, 2, 1, 1], data: [2, 7, 1, 1] };
  const together: Step = { ...step, groups: 1 };
  assertEquals(result([together], [images, all]), [41, 8]);
});

Deno.test("formulaResult() pools", () => {
  const image = { shape: [1, 1, 2, 4], data: [1, 2, 3, 4, 5, 0, 0, 6] };
  assertEquals(result([{ op: "maxPool", x: 0 }], [image]), [5, 6]);
});

Deno.test("formulaResult() attends", () => {
  // One feature: scores are products, and the shares of two keys a logistic of their difference.
  const [query, key, value] = [[2, 0], [1, 3], [10, 20]].map((data) => ({
    shape: [2, 1],
    data,
  }));
  const got = result(
    [{ op: "attention", query: 0, key: 1, value: 2 }],
    [query!, key!, value!],
  );
  assertAlmostEquals(got[0]!, 10 + 10 / (1 + Math.exp(-4)), 1e-12);
  assertAlmostEquals(got[1]!, 15, 1e-12);
});

Deno.test("formulaResult() repeats the right side where it is smaller", () => {
  const rows = { shape: [1, 2, 2], data: [1, 2, 3, 4] };
  const bias = { shape: [2, 1], data: [10, 20] };
  assertEquals(
    result([{ op: "add", left: 0, right: 1 }], [rows, bias]),
    [11, 12, 23, 24],
  );
  assertEquals(
    result(
      [{ op: "permute", x: 0, axes: [2, 0, 1] }, {
        op: "reshape",
        x: 1,
        shape: [4],
      }],
      [rows],
    ),
    [1, 3, 2, 4],
  );
});

Deno.test("formulaResult() leaves out rows of what is too large", () => {
  const [side, depth] = [2 ** 6, 2 ** 17];
  const data = new Float32Array(side * depth).fill(1);
  const got = formulaResult({
    inputs: [
      { shape: [side, depth], bound: 1 },
      { shape: [depth, side], bound: 1 },
    ],
    steps: [{ op: "matmul", left: 0, right: 1 }],
  }, [data, data]);
  assertEquals(
    [got[0], got[side - 1], got[side], got[2 * side]],
    [depth, depth, NaN, depth],
  );
});

Deno.test("formulaResult() knows published values", () => {
  const x = { shape: [1, 2], data: [1, -1] };
  const [up, down] = result([{ op: "gelu", x: 0 }], [x]);
  assertAlmostEquals(up!, 0.8413447460685429, 1e-12);
  assertAlmostEquals(down!, -0.15865525393145707, 1e-12);
  const [high] = result([{ op: "softmax", x: 0 }], [x]);
  assertAlmostEquals(high!, 1 / (1 + Math.exp(-2)), 1e-12);
  const parameters = { shape: [2], data: [2, 2] };
  const [normal] = result(
    [{ op: "layerNorm", x: 0, gain: 1, bias: 2 }],
    [x, parameters, parameters],
  );
  assertAlmostEquals(normal!, 2 + 2 / Math.sqrt(1 + 1e-5), 1e-12);
});

function training(optimizer: "adam" | "sgd"): TrainingWorkload {
  return {
    kind: "training",
    name: "training",
    features: [3, 4, 2],
    batch: 5,
    optimizer,
    learningRate: 1e-4,
    work: { kind: "time", unit: "ms", parts: 1 },
  };
}

Deno.test("trainingLoss() goes down by the squared slope", () => {
  // For a short step by SGD the loss falls by the rate times the squared slope, here by differences.
  const workload = training("sgd");
  const inputs = trainingInputs(workload, 7);
  const loss = trainingLoss(workload, inputs, 1);
  let squared = 0;
  for (let i = 2; i < inputs.length; i++) {
    for (let k = 0; k < inputs[i]!.length; k++) {
      const moved = inputs.map((data) => data.slice());
      moved[i]![k]! += 1e-3;
      const step = moved[i]![k]! - inputs[i]![k]!;
      squared += ((trainingLoss(workload, moved, 1) - loss) / step) ** 2;
    }
  }
  const fall = loss - trainingLoss(workload, inputs, 2);
  assertAlmostEquals(fall / (1e-4 * squared), 1, 1e-2);
});

Deno.test("trainingLoss() by Adam begins with steps of one length", () => {
  // The first step moves each number by the rate: the loss falls by the rate times all slopes' sizes.
  const workload = training("adam");
  const inputs = trainingInputs(workload, 7);
  const loss = trainingLoss(workload, inputs, 1);
  let sizes = 0;
  for (let i = 2; i < inputs.length; i++) {
    for (let k = 0; k < inputs[i]!.length; k++) {
      const moved = inputs.map((data) => data.slice());
      moved[i]![k]! += 1e-3;
      const step = moved[i]![k]! - inputs[i]![k]!;
      sizes += Math.abs((trainingLoss(workload, moved, 1) - loss) / step);
    }
  }
  const fall = loss - trainingLoss(workload, inputs, 2);
  assertAlmostEquals(fall / (1e-4 * sizes), 1, 2e-2);
});

Deno.test("relativeError() compares with the largest element", () => {
  assertAlmostEquals(relativeError([1, 9.5], [1, 10]), 0.05);
  assertEquals(relativeError([1, 5], [1, NaN]), 0);
  assertEquals(relativeError([NaN, 1], [1, 1]), Infinity);
  assertEquals(relativeError([1], [1, 1]), Infinity);
  assert(relativeError([0], [0]) === 0);
});
