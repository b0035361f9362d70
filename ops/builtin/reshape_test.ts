import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";

Deno.test.each<{ from: number[]; to: number[]; want: number[] }>([
  { from: [6], to: [2, 3], want: [2, 3] },
  { from: [2, 3], to: [-1], want: [6] },
  { from: [2, 3], to: [3, -1], want: [3, 2] },
  { from: [2, 3], to: [1, -1, 1, 2], want: [1, 3, 1, 2] },
  { from: [1], to: [], want: [] },
  { from: [], to: [1, 1], want: [1, 1] },
  { from: [0, 3], to: [5, 0], want: [5, 0] },
  { from: [0, 3], to: [3, -1], want: [3, 0] },
])("reshape() [$from] to [$to] gives [$want]", async ({ from, to, want }) => {
  const x = zeros(from).add(arange(0, from.at(-1) ?? 1));
  const y = x.reshape(to);
  assertEquals(y.shape, want);
  assertEquals(await computeElements(y), await computeElements(x));
});

Deno.test("reshape() keeps the order of what it looks at", async () => {
  const x = arange(0, 24).reshape([2, 3, 4]);
  const views = [
    x.transpose().reshape([6, 4]),
    x.permute([1, 0, 2]).reshape([3, 8]),
    x.permute([0, 2, 1]).reshape([8, 3]).transpose().reshape([-1]),
    x.sum(1).expand([3, 2, 4]).reshape([6, 4]),
    x.reshape([24, 1]).expand([24, 2]).reshape([48]),
  ];
  for (const view of views) {
    const [want] = await evaluateTensors([view]);
    assertEquals(await computeElements(view), want!.elements);
  }
});

Deno.test.each<{ from: number[]; to: number[] }>([
  { from: [6], to: [4] },
  { from: [6], to: [4, -1] },
  { from: [6], to: [-1, -1] },
  { from: [6], to: [2, -1, -1] },
  { from: [6], to: [-6, -1] },
  { from: [0], to: [0, -1] },
  { from: [6], to: [0, -1] },
  { from: [6], to: [] },
])("reshape() rejects [$from] to [$to]", ({ from, to }) => {
  const error = assertThrows(
    () => zeros(from).reshape(to),
    ShapeError,
    `Cannot apply reshape to shapes [${from}] and [${to}]: the number of elements must stay the same`,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("reshape() rejects sizes that no tensor has", () => {
  const error = assertThrows(() => zeros([6]).reshape([-2, -3]), ShapeError);
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test("reshape() has the gradient of central differences", async () => {
  const x = tensor(randomArray(6, 2), { shape: [2, 3] });
  await assertGradients((x) => x!.reshape([3, -1]), [x]);
  await assertGradients((x) => x!.transpose().reshape([6]), [x]);
});
