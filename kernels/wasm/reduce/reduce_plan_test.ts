import { assertEquals } from "@std/assert";
import type { Shape } from "../../../core/base/mod.ts";
import { isByColumns, planReduction } from "./reduce_plan.ts";

function plan(
  shape: Shape,
  over: Shape,
  strides: readonly number[],
): ReturnType<typeof planReduction> {
  return planReduction({
    kind: "reduce",
    shape,
    over,
    combine: "add",
    operands: [{ dtype: "float32", strides, offset: 0 }],
    body: [{ kind: "load", operand: 0, dtype: "float32" }],
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  });
}

Deno.test("planReduction() takes the combined axes in the order they lie in memory", () => {
  const { outer, over, bodyViews } = plan([4], [2, 3, 5], [1, 20, 40, 3]);
  assertEquals(outer, [4]);
  // 2 inner places of stride 20 behind 3 outer ones of stride 40 are 6 of stride 20.
  assertEquals(over, [6, 5]);
  assertEquals(bodyViews[0]!.strides, [1, 20, 3]);
});

Deno.test("planReduction() makes one axis of all that is contiguous", () => {
  const { outer, over } = plan([2, 3], [4, 5], [60, 20, 5, 1]);
  assertEquals([outer, over], [[6], [20]]);
});

Deno.test.each<{
  name: string;
  shape: Shape;
  over: Shape;
  strides: number[];
  want: boolean;
}>([
  {
    name: "rows of a matrix",
    shape: [64],
    over: [64],
    strides: [64, 1],
    want: false,
  },
  {
    name: "columns of a matrix",
    shape: [64],
    over: [64],
    strides: [1, 64],
    want: true,
  },
  { name: "everything", shape: [], over: [64], strides: [1], want: false },
  {
    name: "a few columns",
    shape: [3],
    over: [64],
    strides: [1, 3],
    want: false,
  },
  {
    name: "many rows of three",
    shape: [1000],
    over: [3],
    strides: [3, 1],
    want: true,
  },
])("isByColumns() $name: $want", ({ shape, over, strides, want }) => {
  assertEquals(isByColumns(plan(shape, over, strides)), want);
});
