import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";

const X = tensor([[1, 2, 6], [4, 4, 4]]);

// Expected values: worked by hand. Row means are 3 and 4; the mean of all is 3.5.
Deno.test("variance() along an axis, of all, kept and corrected", async () => {
  assertClose(await computeElements(X.variance(1)), [14 / 3, 0]);
  assertClose(await computeElements(X.variance()), [31 / 12]);
  assertClose(await computeElements(X.variance(1, { correction: 1 })), [7, 0]);
  const kept = X.variance(-1, { keepDims: true });
  assertEquals(kept.shape, [2, 1]);
  assertEquals(X.variance([0, 1]).shape, []);
});

Deno.test("variance() keeps its digits beside a large mean", async () => {
  const x = tensor(Float64Array.of(1e9, 1e9 + 1, 1e9 + 2));
  assertClose(await computeElements(x.variance()), [2 / 3]);
});

Deno.test("variance() of a single number cannot be estimated", async () => {
  const y = tensor([5]).variance(0, { correction: 1 });
  assertEquals([...await computeElements(y)], [NaN]);
});

Deno.test("variance() has the gradient of central differences", async () => {
  await assertGradients((x) => x!.variance(1), [X]);
  await assertGradients((x) => x!.variance([0], { correction: 1 }), [X]);
});

Deno.test("variance() reports a wrong axis at the call", () => {
  const error = assertThrows(() => X.variance(2), ShapeError);
  assertEquals(error.code, "AXIS_RANGE");
});
