import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";

// Expected values: exact fractions worked by hand from exp(ln k) = k.
Deno.test.each<{ name: string; x: number[]; want: number[] }>([
  { name: "one logit", x: [7], want: [1] },
  { name: "equal logits", x: [5, 5], want: [1 / 2, 1 / 2] },
  { name: "a known ratio", x: [0, Math.log(3)], want: [1 / 4, 3 / 4] },
  { name: "logits that overflow exp", x: [1e4, 1e4], want: [1 / 2, 1 / 2] },
  { name: "a logit that does not count", x: [-Infinity, 2], want: [0, 1] },
  { name: "a NaN", x: [NaN, 2], want: [NaN, NaN] },
  { name: "an infinity", x: [Infinity, 2], want: [NaN, NaN] },
  { name: "nothing", x: [], want: [] },
])("softmax() of $name", async ({ x, want }) => {
  const options = { tolerance: 1e-14, equalNaN: true };
  assertClose(await computeElements(tensor(x).softmax()), want, options);
});

Deno.test("softmax() works along the axis it is given, the last if none", async () => {
  const x = tensor([[0, 1], [Math.log(3), 1]]);
  const columns = [1 / 4, 1 / 2, 3 / 4, 1 / 2];
  for (const axis of [0, -2]) {
    assertClose(await computeElements(x.softmax(axis)), columns);
  }
  const rows = x.transpose().softmax().transpose();
  assertClose(await computeElements(rows), columns);
});

Deno.test("softmax() does not move when every logit is shifted", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const x = tensor(randomArray(6, seed), { shape: [2, 3] });
    const shifted = await computeElements(x.add(3).softmax());
    const want = await computeElements(x.softmax());
    assertClose(shifted, want, { seed, tolerance: 1e-14 });
    const [defined] = await evaluateTensors([x.softmax()]);
    assertClose(want, defined!.elements, { seed, tolerance: 1e-14 });
  }
});

Deno.test("softmax() brings whole numbers and truth values to float32", async () => {
  for (const dtype of ["int32", "bool"] as const) {
    const y = tensor([1, 1], { dtype }).softmax();
    assertEquals(y.dtype, "float32");
    assertEquals([...await computeElements(y)], [1 / 2, 1 / 2]);
  }
});

Deno.test.each([{ axis: 0 }, { axis: 1 }])(
  "softmax() has the gradients of central differences along axis $axis, twice",
  async ({ axis }) => {
    const x = tensor(randomArray(6, 4), { shape: [2, 3] });
    await assertGradients((x) => x!.softmax(axis), [x]);
    await assertGradients((x) => {
      const y = x!.softmax(axis);
      return gradients(y.mul(y).sum(), [x!])[0]!;
    }, [x]);
  },
);

Deno.test("softmax() rejects an axis that there is not, at the call", () => {
  const error = assertThrows(
    () => zeros([]).softmax(),
    ShapeError,
    "Cannot apply softmax at axis -1 of shape []: the rank is 0",
  );
  assertEquals(error.code, "AXIS_RANGE");
});
