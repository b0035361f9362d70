import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { swapLastAxes } from "./permute.ts";

const PERMUTATIONS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
  [-1, 0, 1],
  [-2, -1, -3],
];

Deno.test("permute() of a matrix is its transpose", async () => {
  const y = tensor([[1, 2, 3], [4, 5, 6]]).permute([1, 0]);
  assertEquals(y.shape, [3, 2]);
  assertEquals([...await computeElements(y)], [1, 4, 2, 5, 3, 6]);
});

Deno.test.each(PERMUTATIONS.map((axes) => ({ axes })))(
  "permute() by [$axes] puts each axis where it is wanted",
  async ({ axes }) => {
    const x = arange(0, 24).reshape([2, 3, 4]);
    const y = x.permute(axes);
    assertEquals(y.shape, axes.map((axis) => x.shape.at(axis)!));
    const [want] = await evaluateTensors([y]);
    assertEquals(await computeElements(y), want!.elements);
    // Permuting back by the inverse gives what there was.
    const from = axes.map((axis) => (axis + 3) % 3);
    const back = y.permute([0, 1, 2].map((axis) => from.indexOf(axis)));
    assertEquals(await computeElements(back), await computeElements(x));
  },
);

Deno.test("permute() reverses the axes if none are named", async () => {
  const x = arange(0, 24).reshape([2, 3, 4]);
  assertEquals(x.transpose().shape, [4, 3, 2]);
  assertEquals(
    await computeElements(x.transpose()),
    await computeElements(x.permute([2, 1, 0])),
  );
  assertEquals(zeros([]).transpose().shape, []);
  assertEquals(zeros([5]).transpose().shape, [5]);
});

Deno.test.each<{ axes: number[] }>([
  { axes: [0] },
  { axes: [0, 0] },
  { axes: [0, 1, 1] },
  { axes: [1, -1] },
])("permute() rejects [$axes] for two axes", ({ axes }) => {
  const error = assertThrows(
    () => zeros([2, 3]).permute(axes),
    TensorError,
    `found [${axes}], wanted each axis of shape [2,3] once`,
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("permute() rejects an axis that there is not", () => {
  const error = assertThrows(() => zeros([2, 3]).permute([0, 2]), ShapeError);
  assertEquals(error.code, "AXIS_RANGE");
});

Deno.test.each(PERMUTATIONS.map((axes) => ({ axes })))(
  "permute() by [$axes] has the gradient of central differences",
  async ({ axes }) => {
    const x = tensor(randomArray(24, 1), { shape: [2, 3, 4] });
    await assertGradients((x) => x!.permute(axes), [x]);
  },
);

Deno.test("permute() has a gradient where the axes are reversed", async () => {
  const x = tensor(randomArray(6, 1), { shape: [1, 2, 3] });
  await assertGradients((x) => x!.transpose(), [x]);
});

Deno.test("swapLastAxes() leaves the others", () => {
  assertEquals(swapLastAxes(zeros([2, 3, 4, 5]).node).type.shape, [2, 3, 5, 4]);
  assertEquals(swapLastAxes(zeros([2, 3]).node).type.shape, [3, 2]);
});
