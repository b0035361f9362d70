import { assertEquals } from "@std/assert";
import { bindableVectors, vectorView } from "./vector_views.ts";

/** Oracle: where elements lie, one by one. */
function viewOf(
  space: readonly number[],
  strides: readonly number[],
  offset: number,
): string {
  let places = [offset];
  space.forEach((size, axis) => {
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, i) => place + i * strides[axis]!)
    );
  });
  const fours = Array.from(
    { length: places.length / 4 },
    (_, i) => places.slice(4 * i, 4 * i + 4),
  );
  if (fours.every((four) => four.every((place) => place === four[0]))) {
    return "same";
  }
  const isVector = fours.every((four) =>
    four[0]! % 4 === 0 && four.every((place, i) => place === four[0]! + i)
  );
  return isVector ? "vector" : "scattered";
}

Deno.test.each([
  { space: [4], strides: [1], offset: 0 },
  { space: [4], strides: [1], offset: 2 },
  { space: [4], strides: [0], offset: 3 },
  { space: [4], strides: [-1], offset: 3 },
  { space: [2, 4], strides: [4, 1], offset: 8 },
  { space: [2, 6], strides: [6, 1], offset: 0 },
  { space: [2, 6], strides: [1, 2], offset: 0 },
  { space: [4, 3], strides: [3, 1], offset: 0 },
  { space: [4, 3], strides: [4, 1], offset: 0 },
  { space: [3, 4], strides: [5, 1], offset: 0 },
  { space: [3, 8], strides: [16, 1], offset: 4 },
  { space: [3, 8], strides: [1, 0], offset: 0 },
  { space: [4, 2], strides: [1, 0], offset: 0 },
  { space: [2, 8], strides: [0, 1], offset: 0 },
  { space: [2, 1, 8], strides: [8, 5, 1], offset: 0 },
  { space: [2, 2, 2], strides: [4, 2, 1], offset: 0 },
  { space: [2, 2, 2], strides: [0, 0, 0], offset: 1 },
])("vectorView() of $space by $strides from $offset is as elements lie", ({
  space,
  strides,
  offset,
}) => {
  assertEquals(
    vectorView(space, { dtype: "float32", strides, offset }),
    viewOf(space, strides, offset),
  );
});

Deno.test("vectorView() finds no vectors of elements that share words", () => {
  for (const dtype of ["bool", "int8", "float16", "bfloat16"] as const) {
    const operand = { dtype, strides: [1], offset: 0 };
    assertEquals(vectorView([8], operand), "scattered");
  }
});

Deno.test("bindableVectors() binds no array in two ways", () => {
  assertEquals(bindableVectors([1, 2], [true, true], false), [true, true]);
  assertEquals(bindableVectors([1, 1], [true, false], true), [false, false]);
  assertEquals(bindableVectors([0, 1], [true, true], false), [false, true]);
  assertEquals(bindableVectors([0, 1], [true, false], true), [true, false]);
});
