import { assert, assertEquals } from "@std/assert";
import { POINTS_MAX, SampledCurve } from "./sampled_curve.ts";

Deno.test("SampledCurve.after() gives what was not seen", () => {
  const curve = new SampledCurve();
  curve.add(1, 10);
  const { seen } = curve;
  assertEquals(curve.after(undefined), { isWhole: true, xs: [1], ys: [10] });
  assertEquals(curve.after(seen), undefined);
  curve.add(2, 20);
  assertEquals(curve.after(seen), { isWhole: false, xs: [2], ys: [20] });
});

Deno.test("SampledCurve keeps the whole course in bounded memory", () => {
  const curve = new SampledCurve();
  const values = 100 * POINTS_MAX;
  for (let x = 1; x <= values; x++) curve.add(x, x);
  const { xs, ys } = curve.after(undefined)!;
  assert(xs.length < POINTS_MAX && xs.length >= POINTS_MAX / 2);
  // A point is the mean of as many values as lie since the one before.
  const width = xs[1]! - xs[0]!;
  assertEquals(xs[0], width);
  assertEquals(ys, xs.map((x) => x - (width - 1) / 2));
  assert(xs.at(-1)! > values - width);
});

Deno.test("SampledCurve.after() gives everything again when it was thinned out", () => {
  const curve = new SampledCurve();
  for (let x = 1; x < POINTS_MAX; x++) curve.add(x, 1);
  const { seen } = curve;
  curve.add(POINTS_MAX, 1);
  const points = curve.after(seen)!;
  assertEquals([points.isWhole, points.xs.length], [true, POINTS_MAX / 2]);
});

Deno.test("SampledCurve leaves a gap only where no value of a point is finite", () => {
  const curve = new SampledCurve();
  for (let x = 1; x <= POINTS_MAX; x++) curve.add(x, x <= 3 ? NaN : 7);
  const { ys } = curve.after(undefined)!;
  assertEquals(ys.slice(0, 3), [NaN, 7, 7]);
});
