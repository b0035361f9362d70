import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import { computeElements, randomArray } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import type { ArgReduceName } from "./arg_reduce.ts";

const NAMES: readonly ArgReduceName[] = ["argmax", "argmin"];

// Expected values: worked by hand.
Deno.test.each<{ name: ArgReduceName; x: number[]; want: number }>([
  { name: "argmax", x: [3, 9, 4], want: 1 },
  { name: "argmin", x: [3, 9, 1], want: 2 },
  { name: "argmax", x: [1, 5, 5], want: 1 },
  { name: "argmin", x: [2, 1, 1], want: 1 },
  { name: "argmax", x: [-Infinity, -Infinity], want: 0 },
  { name: "argmax", x: [1, NaN, 3], want: 3 },
  { name: "argmax", x: [7], want: 0 },
])("argReduce() $name of [$x] is $want", async ({ name, x, want }) => {
  const y = tensor(x)[name]();
  assertEquals(y.dtype, "int32");
  assertEquals([...await computeElements(y)], [want]);
});

Deno.test.each(NAMES.map((name) => ({ name })))(
  "argReduce() $name finds the first extreme along any axis",
  async ({ name }) => {
    const shape = [2, 3, 4];
    const seed = 17;
    const elements = randomArray(24, seed).map(Math.round);
    const at = (place: readonly number[]) =>
      elements[(place[0]! * 3 + place[1]!) * 4 + place[2]!]!;
    for (const axis of [0, 1, 2]) {
      const x = tensor(elements, { shape });
      const kept = x[name](axis - 3, { keepDims: true });
      assertEquals(kept.shape, shape.with(axis, 1));
      const lost = x[name](axis);
      assertEquals(lost.shape, shape.toSpliced(axis, 1));
      const found = await computeElements(lost);
      assertEquals(await computeElements(kept), found);
      // Brute force: every line along the axis, searched from its start.
      const want: number[] = [];
      for (let i = 0; i < 24; i++) {
        const place = [Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4];
        if (place[axis] !== 0) continue;
        const line = Array.from(
          { length: shape[axis]! },
          (_, j) => at(place.with(axis, j)),
        );
        const best = name === "argmax" ? Math.max(...line) : Math.min(...line);
        want.push(line.indexOf(best));
      }
      assertEquals([...found], want, `axis ${axis}, seed ${seed}`);
    }
  },
);

Deno.test("argReduce() looks at whole numbers too, and rejects truth values", async () => {
  const y = tensor([2 ** 24, 2 ** 24 + 1], { dtype: "int32" }).argmax();
  assertEquals([...await computeElements(y)], [1]);
  assertThrows(
    () => tensor([true]).argmin(),
    DTypeError,
    'Cannot apply argmin to "bool": the dtype must be "int8" or "int32" or "float16" or "bfloat16" or "float32"',
  );
});

Deno.test("argReduce() rejects an axis that there is not, or that is empty", () => {
  const outside = assertThrows(() => zeros([]).argmax(), ShapeError);
  assertEquals(outside.code, "AXIS_RANGE");
  const empty = assertThrows(
    () => zeros([2, 0]).argmax(-1),
    TensorError,
    'Cannot apply argmax with attribute "axis": axis 1 has size 0, wanted at least one element',
  );
  assertEquals(empty.code, "ATTRIBUTE_INVALID");
  assertEquals(zeros([2, 0]).argmax(0).shape, [0]);
});
