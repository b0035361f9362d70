import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ShapeError, sizeOf } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { arange, tensor } from "../create.ts";

const X = tensor([[1, 2, 3], [4, 5, 6]]);

// Expected values: worked by hand.
Deno.test.each<{ axes: number | number[] | undefined; want: number[] }>([
  { axes: undefined, want: [6, 5, 4, 3, 2, 1] },
  { axes: 0, want: [4, 5, 6, 1, 2, 3] },
  { axes: -1, want: [3, 2, 1, 6, 5, 4] },
  { axes: [1, 0], want: [6, 5, 4, 3, 2, 1] },
  { axes: [], want: [1, 2, 3, 4, 5, 6] },
])("flip() reverses along $axes", async ({ axes, want }) => {
  const y = X.flip(axes);
  assertEquals(y.shape, [2, 3]);
  assertEquals([...await computeElements(y)], want);
});

Deno.test("flip() of flip() is the tensor, of any shape", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { maxLength: 6 }),
      fc.nat({ max: 63 }),
      async (shape, chosen) => {
        const x = arange(0, sizeOf(shape)).reshape(shape);
        const axes = [...shape.keys()].filter((axis) => chosen >> axis & 1);
        assertEquals(
          await computeElements(x.flip(axes).flip(axes)),
          await computeElements(x),
        );
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});

Deno.test("flip() has the gradients of central differences", async () => {
  await assertGradients((x) => x!.mul(x!).flip(1), [X]);
  await assertGradients((x) => x!.mul(x!).flip(), [X]);
});

Deno.test("flip() rejects an axis that is not there", () => {
  const error = assertThrows(() => X.flip(2), ShapeError);
  assertEquals(error.code, "AXIS_RANGE");
});
