import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ShapeError, sizeOf } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { arange, tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { concat, stack } from "../join_tensors.ts";

const X = tensor([[1, 2, 3, 4], [5, 6, 7, 8]]);

Deno.test("split() cuts into equal parts, or parts of given sizes", async () => {
  const [left, right] = X.split(2, 1);
  assertEquals(await left!.array(), [[1, 2], [5, 6]]);
  assertEquals(await right!.array(), [[3, 4], [7, 8]]);
  const sizes = X.split([1, 0, 3], -1).map(({ shape }) => shape[1]);
  assertEquals(sizes, [1, 0, 3]);
});

Deno.test("unstack() and select() take what stands at a place", async () => {
  const columns = X.unstack(1);
  assertEquals(columns.length, 4);
  assertEquals(await columns[2]!.array(), [3, 7]);
  assertEquals(await X.select(-1).array(), [5, 6, 7, 8]);
  assertEquals(await X.select(0, -1).array(), [1, 5]);
});

Deno.test("concat() of split() and stack() of unstack() are the tensor, of any shape", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      fc.nat(),
      async (shape, choice, cut) => {
        const axis = choice % shape.length;
        const size = shape[axis]!;
        const x = arange(0, sizeOf(shape)).reshape(shape);
        const first = cut % (size + 1);
        const want = await computeElements(x);
        const parts = x.split([first, size - first], axis);
        assertEquals(await computeElements(concat(parts, axis)), want);
        if (size === 0) return;
        const places = x.unstack(axis - shape.length);
        assertEquals(await computeElements(stack(places, axis)), want);
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});

Deno.test("split() has the gradients of central differences", async () => {
  await assertGradients((x) => {
    const [a, b] = x!.split([1, 3], 1);
    return a!.mul(b!.sin());
  }, [X]);
  await assertGradients((x) => {
    const [a, b] = x!.unstack();
    return a!.mul(b!);
  }, [X]);
});

Deno.test.each<{ parts: number | number[]; want: string }>([
  { parts: 3, want: "found 3, wanted a whole number that divides 4" },
  { parts: 0, want: "found 0" },
  { parts: 0.5, want: "found 0.5" },
  { parts: [1, 2], want: "found [1,2], wanted sizes that add up to 4" },
  { parts: [5, -1], want: "found [5,-1]" },
  { parts: [1.5, 2.5], want: "found [1.5,2.5]" },
])("split() rejects $parts parts", ({ parts, want }) => {
  const error = assertThrows(() => X.split(parts, 1), TensorError, want);
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("split(), unstack() and select() reject an axis that is not there", () => {
  for (
    const call of [
      () => X.split(1, 2),
      () => X.unstack(2),
      () => X.select(0, 2),
    ]
  ) {
    const error = assertThrows(call, ShapeError);
    assertEquals(error.code, "AXIS_RANGE");
  }
});
