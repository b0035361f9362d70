import { assert, assertEquals } from "@std/assert";
import { randomKey } from "../../../core/base/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import { type Float64Point, squareOf } from "./float64_points.ts";
import { spreadDirections } from "./spread_directions.ts";

const KEY = randomKey(1);

function cosines(directions: readonly Float64Point[]): number[] {
  return directions.flatMap((a, i) =>
    directions.slice(0, i).map((b) =>
      a.reduce((sum, part, j) => sum + part * b[j]!, 0)
    )
  );
}

Deno.test.each([
  { dimension: 2, count: 5 },
  { dimension: 3, count: 4 },
  { dimension: 5, count: 6 },
  { dimension: 10, count: 2 },
])(
  "spreadDirections() finds the regular figure of $count corners in dimension $dimension",
  ({ dimension, count }) => {
    const found = cosines(
      spreadDirections(new Array(count).fill(1), { dimension, key: KEY }),
    );
    // Corners of a simplex are equally far apart; on a circle neighbors are.
    const wanted = dimension === 2
      ? [1, 2].flatMap((turns) =>
        new Array(5).fill(Math.cos(2 * Math.PI * turns / 5))
      )
      : new Array(found.length).fill(-1 / (count - 1));
    assertClose(found.sort((a, b) => b - a), wanted, { tolerance: 1e-3 });
  },
);

Deno.test("spreadDirections() turns away from what is taken, a single one wholly", () => {
  const taken = { direction: Float64Array.of(0, 0, 1), weight: 4 };
  const options = { dimension: 3, taken, key: KEY };
  const [alone] = spreadDirections([1], options);
  assertClose(alone!, [0, 0, -1], { tolerance: 1e-12 });
  const two = spreadDirections([1, 1], options);
  assert(two.every(([, , up]) => up! < 0));
});

Deno.test("spreadDirections() gives the heavy more room", () => {
  const [heavy, ...light] = spreadDirections([20, 1, 1, 1, 1, 1, 1, 1], {
    dimension: 3,
    key: KEY,
  });
  const nearest = (directions: Float64Point[]) =>
    Math.max(...cosines(directions));
  const besideHeavy = Math.max(
    ...light.map((other) => nearest([heavy!, other])),
  );
  assert(besideHeavy < nearest(light) - 0.2, `${besideHeavy}`);
});

Deno.test("spreadDirections() leaves very many as they were drawn, apart from what is taken", () => {
  const taken = { direction: Float64Array.of(1, 0), weight: 1 };
  const many = spreadDirections(new Array(20_001).fill(1), {
    dimension: 2,
    taken,
    key: KEY,
  });
  assertEquals(many.length, 20_001);
  assertClose(many.map(squareOf), new Array(many.length).fill(1));
  assert(many.every(([along]) => along! < 1e-3));
  assertEquals(spreadDirections([], { dimension: 2, key: KEY }), []);
});
