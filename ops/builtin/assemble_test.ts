import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, type Shape, ShapeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { Tensor } from "../tensor.ts";
import { assemble, type AssembleAttributes } from "./assemble.ts";

function put(
  pieces: readonly Tensor[],
  attributes: AssembleAttributes,
): Tensor {
  return new Tensor(assemble(pieces.map(({ node }) => node), attributes));
}

const A = tensor([[1, 2], [3, 4]]);
const B = tensor([[5, 6, 7]]);
const PLACES = {
  shape: [3, 5],
  offsets: [[0, 1], [1, 0]],
  steps: [[2, 2], [1, 2]],
  value: 9,
};

// Expected values: worked by hand.
Deno.test("assemble() lays pieces at their places", async () => {
  assertEquals([...await computeElements(put([A, B], PLACES))], [
    ...[9, 1, 9, 2, 9],
    ...[5, 9, 6, 9, 7],
    ...[9, 3, 9, 4, 9],
  ]);
});

Deno.test("assemble() has the gradients of central differences", async () => {
  await assertGradients((a, b) => put([a!.mul(a!), b!.sin()], PLACES), [A, B]);
});

Deno.test.each<
  { name: string; change: Partial<AssembleAttributes>; want: string }
>([
  {
    name: "an offset outside",
    change: { offsets: [[0, 3], [1, 0]] },
    want: "piece 0 of shape [2,2] at [0,3]",
  },
  {
    name: "a negative offset",
    change: { offsets: [[0, 1], [-1, 0]] },
    want: "piece 1",
  },
  { name: "a step of 0", change: { steps: [[2, 2], [1, 0]] }, want: "piece 1" },
  {
    name: "offsets of another rank",
    change: { offsets: [[0], [1]] },
    want: "found 2 entries, wanted 2 for each of 2 pieces",
  },
  {
    name: "steps for one piece only",
    change: { steps: [[1, 1]] },
    want: '"steps": found 2 entries',
  },
  {
    name: "pieces that meet",
    change: { offsets: [[0, 0], [0, 0]] },
    want: "found pieces 0 and 1 in the same places",
  },
])("assemble() rejects $name", ({ change, want }) => {
  const error = assertThrows(
    () => put([A, B], { ...PLACES, ...change }),
    TensorError,
    want,
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("assemble() rejects pieces of other dtypes and ranks, and a shape that is none", () => {
  const dtype = assertThrows(
    () => put([A, B.cast("int32")], PLACES),
    DTypeError,
  );
  assertEquals(dtype.code, "DTYPE_MISMATCH");
  const rank = assertThrows(() => put([A, zeros([2])], PLACES), ShapeError);
  assertEquals(rank.code, "SHAPE_MISMATCH");
  const shape: Shape = [-1, 5];
  const size = assertThrows(
    () => put([A, B], { ...PLACES, shape }),
    ShapeError,
  );
  assertEquals(size.code, "SHAPE_INVALID");
});
