import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { arrangeLayers, type Arrangement } from "./arrange_layers.ts";

const SPACING = { boxHeight: 40, gap: 20, layerGap: 30, margin: 10 };

function box(width: number, ...inputs: number[]) {
  return { width, inputs };
}

/** Tops of boxes, as numbers of their layers. */
function layersIn({ corners }: Arrangement): number[] {
  return corners.map(([, y]) => (y - 10) / 70);
}

Deno.test("arrangeLayers() puts everything below what it needs", () => {
  const drawn = arrangeLayers(
    [box(50), box(50), box(50, 0, 1), box(50, 2), box(50, 3, 2)],
    SPACING,
  );
  assertEquals(layersIn(drawn), [0, 0, 1, 2, 3]);
  assertEquals(drawn.height, 4 * 70 - 30 + 20);
});

Deno.test("arrangeLayers() puts everything right above the first that needs it", () => {
  const drawn = arrangeLayers(
    [box(50), box(50, 0), box(50, 1), box(50), box(50, 3), box(50, 2, 4)],
    SPACING,
  );
  assertEquals(layersIn(drawn), [0, 1, 2, 1, 2, 3]);
});

Deno.test("arrangeLayers() draws a chain as a straight line", () => {
  const drawn = arrangeLayers([box(50), box(80, 0), box(20, 1)], SPACING);
  assertEquals(drawn.width, 80 + 20);
  for (const { points } of drawn.arrows) {
    assertEquals(points.map(([x]) => x), points.map(() => 50));
  }
});

Deno.test("arrangeLayers() leads one arrow through each layer that it crosses", () => {
  const drawn = arrangeLayers(
    [box(50), box(50, 0), box(50, 1), box(50, 2, 0, 0)],
    SPACING,
  );
  const long = drawn.arrows.filter(({ from, to }) => from === 0 && to === 3);
  assertEquals(long.length, 1);
  assertEquals(long[0]!.points.map(([, y]) => y), [50, 80, 120, 150, 190, 220]);
});

Deno.test("arrangeLayers() draws nothing of nothing", () => {
  const { width, corners, arrows } = arrangeLayers([], SPACING);
  assertEquals([width, corners, arrows], [0, [], []]);
});

Deno.test("arrangeLayers() keeps boxes apart and inside, and arrows going down", () => {
  const graphs = fc.integer({ min: 1, max: 25 }).chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, i) =>
        fc.record({
          width: fc.integer({ min: 10, max: 200 }),
          inputs: i === 0
            ? fc.constant([])
            : fc.array(fc.nat(i - 1), { maxLength: 3 }),
        })),
    )
  );
  fc.assert(
    fc.property(graphs, (boxes) => {
      const { corners, arrows, width, height } = arrangeLayers(boxes, SPACING);
      for (const [i, [x, y]] of corners.entries()) {
        assert(x >= 9.9 && x + boxes[i]!.width <= width - 9.9);
        assert(y >= 10 && y + 40 <= height - 10);
        for (const [j, [otherX, otherY]] of corners.entries()) {
          if (j <= i || otherY !== y) continue;
          const isApart = otherX - x >= boxes[i]!.width + 19.8 ||
            x - otherX >= boxes[j]!.width + 19.8;
          assert(isApart, `${i} and ${j}`);
        }
      }
      for (const { points } of arrows) {
        for (const [i, [, y]] of points.slice(1).entries()) {
          assert(y > points[i]![1]);
        }
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});
