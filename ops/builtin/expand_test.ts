import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor } from "../create.ts";

Deno.test.each<
  { name: string; x: number[][] | number; shape: number[]; want: number[] }
>([
  { name: "a scalar", x: 7, shape: [2, 2], want: [7, 7, 7, 7] },
  { name: "a column", x: [[1], [2]], shape: [2, 3], want: [1, 1, 1, 2, 2, 2] },
  { name: "a new axis", x: [[1, 2]], shape: [2, 1, 2], want: [1, 2, 1, 2] },
  { name: "nothing to repeat", x: [[1, 2]], shape: [1, 2], want: [1, 2] },
  { name: "no times", x: [[1], [2]], shape: [2, 0], want: [] },
])("expand() repeats $name", async ({ x, shape, want }) => {
  const y = tensor(x).expand(shape);
  assertEquals(y.shape, shape);
  assertEquals([...await computeElements(y)], want);
});

Deno.test.each([
  { from: [2], to: [3] },
  { from: [2, 3], to: [3] },
  { from: [3], to: [1] },
  { from: [2], to: [] },
])("expand() rejects [$from] to [$to]", ({ from, to }) => {
  const size = from.reduce((a, b) => a * b, 1);
  const x = tensor(new Float32Array(size), { shape: from });
  const error = assertThrows(
    () => x.expand(to),
    ShapeError,
    `Cannot apply expand to shapes [${from}] and [${to}]`,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("expand() rejects what is no shape", () => {
  const error = assertThrows(() => tensor([1]).expand([-1]), ShapeError);
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test("expand() has the gradients of central differences", async () => {
  await assertGradients((x) => x!.expand([2, 3]), [tensor([[1], [2]])]);
  await assertGradients((x) => x!.expand([2, 2, 3]), [tensor([1, 2, 3])]);
  await assertGradients((x) => x!.expand([2, 2]), [tensor(5)]);
});
