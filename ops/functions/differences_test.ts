// Oracle: NumPy, numpy.diff, trapz and interp; PyTorch, torch.cumulative_trapezoid.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { cumulativeTrapezoid, diff, interp, trapezoid } from "./differences.ts";

const X = tensor([[1, 3, 6, 10], [0, 5, 6, 8]]);

Deno.test("diff() has the values of NumPy", async () => {
  assertEquals(await diff(X).array(), [[2, 3, 4], [5, 1, 2]]);
  assertEquals(await diff(X, 0).array(), [[-1, 2, 0, -2]]);
  assertEquals(await diff(X, 1, { order: 2 }).array(), [[1, 1], [-4, 1]]);
  assertEquals(await diff(X, 1, { order: 0 }).array(), await X.array());
  assertEquals(diff(X, 0, { order: 5 }).shape, [0, 4]);
  assertEquals(diff(zeros([0, 2], { dtype: "int32" }), 0).shape, [0, 2]);
});

Deno.test("diff() has the gradient of central differences", async () => {
  await assertGradients((x) => diff(x!, -1, { order: 2 }).exp(), [
    tensor([0.5, 0.1, 0.4, 0.8]),
  ]);
});

Deno.test("diff() refuses an order that is none, and an axis that there is not", () => {
  for (const order of [-1, 0.5, 65, NaN, "1"]) {
    const error = assertThrows(() => diff(X, 0, { order: order as number }));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
  }
  const error = assertThrows(() => diff(X, 2));
  assert(isCoded(error) && error.code === "AXIS_RANGE");
});

const Y = tensor([[1, 3, 2, 5], [0, 1, 4, 9]]);
const PLACES = tensor([0, 1, 3, 4]);

Deno.test("trapezoid() and cumulativeTrapezoid() have the values of NumPy and PyTorch", async () => {
  assertEquals(await trapezoid(Y).array(), [8, 9.5]);
  assertEquals(
    await trapezoid(Y, 0, { dx: 0.5 }).array(),
    [0.25, 1, 1.5, 3.5],
  );
  assertEquals(await trapezoid(Y, 1, { x: PLACES }).array(), [10.5, 12]);
  assertEquals(
    await trapezoid(Y.transpose(), 0, { x: PLACES }).array(),
    [10.5, 12],
  );
  assertEquals(
    await cumulativeTrapezoid(Y).array(),
    [[2, 4.5, 8], [0.5, 3, 9.5]],
  );
  const x = PLACES.stack(PLACES);
  assertEquals(
    await cumulativeTrapezoid(Y, -1, { x }).array(),
    [[2, 7, 10.5], [0.5, 5.5, 12]],
  );
  assertEquals(await trapezoid(Y.slice([null, [0, 1]])).array(), [0, 0]);
});

Deno.test("interp() has the values of NumPy, at places of any shape", async () => {
  const height = tensor([1, 3, 2, 5]);
  const x = tensor([-1, 0, 0.5, 2, 3.5, 4, 9]);
  const y = interp(x, PLACES, height);
  assertEquals(await y.array(), [1, 1, 2, 2.5, 3.5, 5, 5]);
  assertEquals(interp(zeros([2, 0, 3]), PLACES, height).shape, [2, 0, 3]);
  assertEquals(await interp(tensor(1.5), PLACES, height).item(), 2.75);
});

Deno.test("trapezoid(), cumulativeTrapezoid() and interp() have the gradients of central differences", async () => {
  await assertGradients(
    (y, x) => trapezoid(y!, -1, { x: x! }).add(cumulativeTrapezoid(y!).sum()),
    [Y, PLACES],
  );
  await assertGradients((x, at, height) => interp(x!, at!, height!), [
    tensor([0.4, 2.2, 3.7, 7, -2]),
    PLACES,
    tensor([1, 3, 2, 5]),
  ]);
});

Deno.test("trapezoid() and interp() refuse what does not fit with a code", () => {
  const rows: [string, () => unknown][] = [
    ["AXIS_RANGE", () => trapezoid(Y, 2)],
    ["INVALID_OPTION", () => trapezoid(Y, 0, { dx: NaN })],
    ["SHAPE_MISMATCH", () => trapezoid(Y, 1, { x: tensor([0, 1]) })],
    ["INVALID_OPTION", () => cumulativeTrapezoid(Y, 1, { x: 1 as never })],
    ["INVALID_OPTION", () => interp(1 as never, PLACES, PLACES)],
    ["SHAPE_MISMATCH", () => interp(Y, PLACES, tensor([1, 2]))],
    ["SHAPE_MISMATCH", () => interp(Y, tensor([1]), tensor([1]))],
    ["SHAPE_MISMATCH", () => interp(Y, Y, Y)],
  ];
  for (const [code, call] of rows) {
    const error = assertThrows(call);
    assertEquals(isCoded(error) && error.code, code, String(error));
  }
});
