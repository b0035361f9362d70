import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import { collapseAxes, type Nest } from "./collapse_axes.ts";

Deno.test.each<{ name: string; nest: Nest; want: Nest }>([
  {
    name: "contiguous axes become one",
    nest: { sizes: [2, 3, 4], strides: [[12, 4, 1], [12, 4, 1]] },
    want: { sizes: [24], strides: [[1], [1]] },
  },
  {
    name: "a broadcast bias keeps its axis",
    nest: { sizes: [2, 3, 4], strides: [[12, 4, 1], [0, 0, 1]] },
    want: { sizes: [6, 4], strides: [[4, 1], [0, 1]] },
  },
  {
    name: "axes of size 1 go, whatever their strides",
    nest: { sizes: [1, 5, 1], strides: [[99, 1, 7]] },
    want: { sizes: [5], strides: [[1]] },
  },
  {
    name: "a transpose stays",
    nest: { sizes: [2, 3], strides: [[1, 2], [3, 1]] },
    want: { sizes: [2, 3], strides: [[1, 2], [3, 1]] },
  },
  {
    name: "a reversed array is one axis",
    nest: { sizes: [2, 3], strides: [[-3, -1]] },
    want: { sizes: [6], strides: [[-1]] },
  },
  {
    name: "a scalar has no axes",
    nest: { sizes: [1, 1], strides: [[1, 1]] },
    want: { sizes: [], strides: [[]] },
  },
])("collapseAxes() $name", ({ nest, want }) => {
  assertEquals(collapseAxes(nest), want);
});

Deno.test("collapseAxes() keeps every place, in order", () => {
  const stride = fc.constantFrom(-6, -2, -1, 0, 1, 2, 3, 6);
  const axis = fc.record({ size: fc.nat({ max: 3 }), a: stride, b: stride });
  fc.assert(
    fc.property(fc.array(axis, { maxLength: 4 }), (axes) => {
      const nest = {
        sizes: axes.map(({ size }) => size),
        strides: [axes.map(({ a }) => a), axes.map(({ b }) => b)],
      };
      const collapsed = collapseAxes(nest);
      nest.strides.forEach((strides, i) => {
        assertEquals(
          offsets(collapsed.sizes, collapsed.strides[i]!),
          offsets(nest.sizes, strides),
        );
      });
    }),
    { seed: 1 },
  );
});

function offsets(sizes: Shape, strides: readonly number[]): number[] {
  return Array.from({ length: sizeOf(sizes) }, (_, i) => {
    let rest = i;
    return sizes.reduceRight((sum, size, axis) => {
      const coordinate = rest % size;
      rest = Math.floor(rest / size);
      return sum + coordinate * strides[axis]!;
    }, 0);
  });
}
