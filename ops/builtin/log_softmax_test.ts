import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";

// Expected values: worked by hand from exp(ln k) = k.
Deno.test.each<{ name: string; x: number[]; want: number[] }>([
  { name: "one logit", x: [7], want: [0] },
  {
    name: "a known ratio",
    x: [0, Math.log(3)],
    want: [Math.log(1 / 4), Math.log(3 / 4)],
  },
  { name: "logits that overflow exp", x: [1e4, 0], want: [0, -1e4] },
  { name: "a probability that is 0 in float64", x: [0, -800], want: [0, -800] },
  { name: "nothing", x: [], want: [] },
])("logSoftmax() of $name", async ({ x, want }) => {
  const y = tensor(x).logSoftmax();
  assertClose(await computeElements(y), want, { tolerance: 1e-14 });
});

Deno.test("logSoftmax() is the logarithm of softmax, along any axis", async () => {
  for (let seed = 0; seed < 10; seed++) {
    const x = tensor(randomArray(24, seed), { shape: [2, 3, 4] });
    for (const axis of [0, 1, 2, -1]) {
      const got = await computeElements(x.logSoftmax(axis));
      const want = await computeElements(x.softmax(axis).log());
      assertClose(got, want, { tolerance: 1e-12, seed });
    }
  }
});

Deno.test("logSoftmax() brings whole numbers to float32", () => {
  assertEquals(tensor([1], { dtype: "int32" }).logSoftmax().dtype, "float32");
});

Deno.test.each([{ axis: 0 }, { axis: 1 }])(
  "logSoftmax() has the gradients of central differences along axis $axis, twice",
  async ({ axis }) => {
    const x = tensor(randomArray(6, 4), { shape: [2, 3] });
    await assertGradients((x) => x!.logSoftmax(axis), [x]);
    await assertGradients((x) => {
      const y = x!.logSoftmax(axis);
      return gradients(y.mul(y).sum(), [x!])[0]!;
    }, [x]);
  },
);

Deno.test("logSoftmax() rejects an axis that there is not, at the call", () => {
  const error = assertThrows(
    () => zeros([2]).logSoftmax(1),
    ShapeError,
    "Cannot apply logSoftmax at axis 1 of shape [2]",
  );
  assertEquals(error.code, "AXIS_RANGE");
});
