import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "./errors.ts";
import {
  assertShape,
  contiguousStrides,
  equalShapes,
  resolveAxis,
  sizeOf,
} from "./shape.ts";

Deno.test.each<{ shape: number[]; size: number; strides: number[] }>([
  { shape: [], size: 1, strides: [] },
  { shape: [3], size: 3, strides: [1] },
  { shape: [2, 3, 4], size: 24, strides: [12, 4, 1] },
  { shape: [2, 0, 4], size: 0, strides: [0, 4, 1] },
])("sizeOf() and contiguousStrides() of [$shape]", (row) => {
  const { shape, size, strides } = row;
  assertEquals(sizeOf(shape), size);
  assertEquals(contiguousStrides(shape), strides);
});

Deno.test.each([
  { a: [], b: [], want: true },
  { a: [2, 3], b: [2, 3], want: true },
  { a: [2, 3], b: [3, 2], want: false },
  { a: [2], b: [2, 1], want: false },
  { a: [2, 1], b: [2], want: false },
])("equalShapes() [$a] and [$b]: $want", ({ a, b, want }) => {
  assertEquals(equalShapes(a, b), want);
});

Deno.test("resolveAxis() counts negative axes from the end", () => {
  const shape = [4, 5, 6];
  for (let axis = 0; axis < shape.length; axis++) {
    assertEquals(resolveAxis("sum", axis, shape), axis);
    assertEquals(resolveAxis("sum", axis - shape.length, shape), axis);
  }
});

Deno.test.each([
  { axis: 2, shape: [3, 4], plain: 2 },
  { axis: -3, shape: [3, 4], plain: -3 },
  { axis: 0.5, shape: [3, 4], plain: 0.5 },
  { axis: NaN, shape: [3, 4], plain: "NaN" },
  { axis: 0, shape: [], plain: 0 },
])("resolveAxis() rejects axis $axis of [$shape]", ({ axis, shape, plain }) => {
  const error = assertThrows(() => resolveAxis("sum", axis, shape), ShapeError);
  assertEquals(error.code, "AXIS_RANGE");
  assertEquals(error.details, { operation: "sum", axis: plain, shape });
});

Deno.test.each([
  { shape: [] },
  { shape: [0] },
  { shape: [2 ** 31 - 1] },
  { shape: [1, 2, 3, 4, 5] },
])("assertShape() accepts [$shape]", ({ shape }) => {
  assertShape("tensor", shape);
});

Deno.test.each([
  { shape: [-1] },
  { shape: [1.5] },
  { shape: [NaN] },
  { shape: [Infinity] },
  { shape: [2 ** 31] },
  { shape: [2 ** 16, 2 ** 16] },
])("assertShape() rejects [$shape]", ({ shape }) => {
  const error = assertThrows(() => assertShape("full", shape), ShapeError);
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test("assertShape() rejects what is no list, or a list of something else", () => {
  for (const shape of [3, "2,3", undefined, { length: 0 }, ["2"], [null]]) {
    // What arrives from plain JavaScript has no type.
    const error = assertThrows(
      () => assertShape("full", shape as number[]),
      ShapeError,
      "Cannot apply full with shape",
    );
    assertEquals(error.code, "SHAPE_INVALID");
  }
});
