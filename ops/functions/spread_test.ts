// Oracle: NumPy 1.24 (average, nanmax, nanmin, nanvar) and PyTorch 1.13 (cov, corrcoef) in float64.

import { assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import {
  average,
  correlation,
  covariance,
  nanMax,
  nanMin,
  nanVariance,
} from "./spread.ts";

const A = tensor([[1, 2, 4, 3], [0, 5, 2, 2], [7, 1, 1, 0]]);
const B = tensor([[1, NaN, 4], [NaN, NaN, NaN], [3, 2, NaN]]);

Deno.test("average() has the values of NumPy", async () => {
  const weights = tensor([1, 2, 3, 4]);
  assertClose(await average(A, 1, { weights }).data(), [2.9, 2.4, 1.2]);
  assertClose(await average(A).data(), [28 / 12]);
  assertEquals(average(A, 1, { weights, keepDims: true }).shape, [3, 1]);
  await assertGradients((x, weights) => average(x!, 1, { weights: weights! }), [
    A,
    weights,
  ]);
});

Deno.test("covariance() and correlation() have the values of PyTorch", async () => {
  assertClose(await covariance(A).data(), [
    ...[1.666667, 0.5, -3.166667],
    ...[0.5, 4.25, -4.416667],
    ...[-3.166667, -4.416667, 10.25],
  ], { tolerance: 1e-6 });
  const whole = await covariance(A, { correction: 0 }).data();
  assertClose(whole.slice(0, 3), [1.25, 0.375, -2.375]);
  assertClose(await correlation(A).data(), [
    ...[1, 0.187867, -0.766154],
    ...[0.187867, 1, -0.669173],
    ...[-0.766154, -0.669173, 1],
  ], { tolerance: 1e-5 });
  const batch = A.stack(A.mul(2));
  assertEquals(covariance(batch).shape, [2, 3, 3]);
  await assertGradients((x) => covariance(x!).mul(correlation(x!)), [A]);
});

Deno.test("nanMax(), nanMin() and nanVariance() have the values of NumPy", async () => {
  assertEquals(await nanMax(B, 1).array(), [4, NaN, 3]);
  assertEquals(await nanMin(B, 1).array(), [1, NaN, 2]);
  assertEquals(await nanMax(B).item(), 4);
  assertEquals(nanMin(B, 0, { keepDims: true }).shape, [1, 3]);
  assertEquals(
    await nanVariance(B, 1, { correction: 0 }).array(),
    [2.25, NaN, 0.25],
  );
  assertClose(await nanVariance(B).data(), [5 / 3]);
});

Deno.test("nanMax() and nanVariance() have slopes that no NaN spoils", async () => {
  const keep = tensor([[1, 0, 1]]);
  const broken = (x: typeof A) => keep.equal(1).where(x, NaN);
  await assertGradients((x) => nanMax(broken(x!), 1), [
    A.slice([null, [0, 3]]),
  ]);
  await assertGradients((x) => nanVariance(broken(x!), 1), [
    A.slice([null, [0, 3]]),
  ]);
});

Deno.test("spread: what does not fit is refused with a code", () => {
  const rows: [string, () => unknown][] = [
    ["INVALID_OPTION", () => average(1 as never)],
    ["INVALID_OPTION", () => average(A, 0, { weights: 1 as never })],
    ["SHAPE_MISMATCH", () => average(A, 0, { weights: zeros([5]) })],
    ["AXIS_RANGE", () => average(A, 2)],
    ["SHAPE_INVALID", () => covariance(zeros([3]))],
    ["SHAPE_INVALID", () => correlation(zeros([3]))],
    ["INVALID_OPTION", () => covariance(A, { correction: NaN })],
    ["AXIS_RANGE", () => nanMax(A, 2)],
    ["INVALID_OPTION", () => nanMin("x" as never)],
    ["AXIS_RANGE", () => nanVariance(A, 3)],
  ];
  for (const [code, call] of rows) {
    const error = assertThrows(call);
    assertEquals(isCoded(error) && error.code, code, String(error));
  }
});
