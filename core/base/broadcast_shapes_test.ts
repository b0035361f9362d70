import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { broadcastShapes } from "./broadcast_shapes.ts";
import { ShapeError } from "./errors.ts";
import type { Shape } from "./shape.ts";

// Expected values: the examples of the NumPy user guide, "General broadcasting rules", and its edges.
Deno.test.each([
  { name: "two scalars", left: [], right: [], want: [] },
  { name: "a scalar with a vector", left: [], right: [3], want: [3] },
  { name: "a bias with a batch", left: [32, 10], right: [10], want: [32, 10] },
  {
    name: "an image with a scale",
    left: [256, 256, 3],
    right: [3],
    want: [256, 256, 3],
  },
  {
    name: "ones on both sides",
    left: [8, 1, 6, 1],
    right: [7, 1, 5],
    want: [8, 7, 6, 5],
  },
  { name: "an empty axis with one", left: [0], right: [1], want: [0] },
  { name: "an empty axis with none", left: [2, 0], right: [], want: [2, 0] },
])("broadcastShapes() $name", ({ left, right, want }) => {
  assertEquals(broadcastShapes("add", left, right), want);
  assertEquals(broadcastShapes("add", right, left), want);
});

Deno.test.each([
  { name: "sizes", left: [2, 3], right: [2, 4], axis: -1 },
  { name: "sizes further out", left: [2, 1, 4], right: [3, 5, 4], axis: -3 },
  { name: "an empty axis with two", left: [0], right: [2], axis: -1 },
])("broadcastShapes() names the axis where $name differ", (row) => {
  const { left, right, axis } = row;
  const error = assertThrows(
    () => broadcastShapes("add", left, right),
    ShapeError,
    `Cannot apply add to shapes [${left}] and [${right}]: sizes must be equal or 1 at axis ${axis}`,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
  assertEquals(error.details, { operation: "add", left, right, axis });
});

Deno.test("broadcastShapes() is associative, and stops at what is broadcast already", () => {
  const shape = fc.array(fc.constantFrom(0, 1, 3), { maxLength: 4 });
  function join(...shapes: Shape[]): Shape | undefined {
    try {
      return shapes.reduce<Shape>((a, b) => broadcastShapes("add", a, b), []);
    } catch {
      return undefined;
    }
  }
  fc.assert(
    fc.property(shape, shape, shape, (a, b, c) => {
      const all = join(a, b, c);
      assertEquals(join(c, b, a), all);
      if (all) assertEquals(join(all, b), all);
    }),
    { seed: 1 },
  );
});

Deno.test("broadcastShapes() gives the left one of equal shapes, once it is a shape", () => {
  const left = [2, 3];
  assertStrictEquals(broadcastShapes("add", left, [2, 3]), left);
  const error = assertThrows(
    () => broadcastShapes("add", [2, -3], [2, -3]),
    ShapeError,
  );
  assertEquals(error.code, "SHAPE_INVALID");
});
