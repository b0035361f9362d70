import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../../core/base/mod.ts";
import { assertClose, randomArray } from "../../../testing/mod.ts";
import { distortionOf } from "./distortion.ts";

Deno.test("distortionOf() is none for distances in another unit, pairs at no distance left out", () => {
  const wanted = [0, 1, 2, 5, Infinity];
  assertEquals(distortionOf([9, 4, 8, 20, 3], wanted), {
    average: 0,
    worst: 1,
    scale: 0.25,
  });
});

Deno.test("distortionOf() counts as by hand, with the factor that fits best", () => {
  const { average, worst, scale } = distortionOf([1, 4], [1, 2]);
  // Ratios 1 and 2: the factor is (1 + 2)/(1 + 4).
  assertClose([average, worst, scale], [(0.4 + 0.2) / 2, 2, 0.6]);
  const [distances, wanted] = [3, 4].map((seed) =>
    randomArray(30, seed, { min: 0.5, max: 2 })
  ) as [Float32Array, Float32Array];
  const best = distortionOf(distances, wanted).scale;
  const squares = (scale: number) =>
    wanted.reduce((sum, w, i) => sum + (scale * distances[i]! / w - 1) ** 2, 0);
  for (const other of [0.99, 1.01]) {
    assertEquals(squares(best) < squares(best * other), true);
  }
});

Deno.test("distortionOf() says when nothing is left to measure, and refuses unequal lengths", () => {
  assertEquals(distortionOf([1], [0]).average, NaN);
  assertEquals(
    assertThrows(() => distortionOf([1, 2], [1]), ShapeError).code,
    "SHAPE_MISMATCH",
  );
});
