import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sizeOf } from "../../../core/base/mod.ts";
import { complementOf } from "./complement.ts";

Deno.test("complementOf() covers every other place once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
      fc.array(fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), {
        maxLength: 3,
      }),
      (shape, choices) => {
        const pieces = choices.map((numbers) => {
          const offset = shape.map((size, i) => numbers[i]! % (size + 1));
          return {
            shape: shape.map((size, i) =>
              numbers[3 + i]! % (size - offset[i]! + 1)
            ),
            offset,
            steps: shape.map(() => 1),
          };
        });
        const counts = new Map<string, number>();
        const count = (
          box: { shape: readonly number[]; offset: readonly number[] },
          by: number,
        ) => {
          for (let i = 0; i < sizeOf(box.shape); i++) {
            let rest = i;
            const place = box.shape.toReversed().map((size) => {
              const at = rest % size;
              rest = Math.floor(rest / size);
              return at;
            }).reverse().map((at, axis) => at + box.offset[axis]!);
            counts.set(`${place}`, (counts.get(`${place}`) ?? 0) + by);
          }
        };
        const boxes = complementOf(shape, pieces, 1000);
        assert(boxes);
        for (const piece of pieces) count(piece, 1000);
        for (const box of boxes) count(box, 1);
        assertEquals(counts.size, sizeOf(shape));
        for (const times of counts.values()) {
          assert(times === 1 || times % 1000 === 0);
        }
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("complementOf() gives up where pieces have gaps, or boxes are too many", () => {
  const piece = { shape: [2, 1], offset: [1, 1], steps: [1, 1] };
  assertEquals(complementOf([4, 3], [piece], 4)?.length, 4);
  assertEquals(complementOf([4, 3], [piece], 3), undefined);
  assertEquals(
    complementOf([4, 3], [{ ...piece, steps: [2, 1] }], 4),
    undefined,
  );
  assertEquals(
    complementOf([4, 3], [{ ...piece, steps: [1, 2] }], 4)?.length,
    4,
  );
});
