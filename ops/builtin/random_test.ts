import { assertEquals, assertThrows } from "@std/assert";
import {
  fillNormal,
  fillUniform,
  isCoded,
  type RandomKey,
  ShapeError,
} from "../../core/base/mod.ts";
import { computeElements } from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { Tensor } from "../tensor.ts";
import { random } from "./random.ts";

Deno.test.each([
  { distribution: "uniform" as const, fill: fillUniform },
  { distribution: "normal" as const, fill: fillNormal },
])(
  "random() draws $distribution float32 from its key, row by row",
  async (row) => {
    const { distribution, fill } = row;
    for (const shape of [[], [7], [2, 3], [0]]) {
      const y = new Tensor(random(shape, { key: [5, 6], distribution }));
      assertEquals(y.dtype, "float32");
      assertEquals(y.shape, shape);
      const want = new Float32Array(y.size);
      fill([5, 6], want);
      assertEquals(await computeElements(y), Float64Array.from(want));
    }
  },
);

Deno.test("random() gives the same numbers to all who use it, and when it is computed again", async () => {
  const x = new Tensor(random([4], { key: [1, 2], distribution: "uniform" }));
  assertEquals([...await computeElements(x.sub(x))], [0, 0, 0, 0]);
  assertEquals(await computeElements(x), await computeElements(x));
});

Deno.test.each<{ name: string; key: number[] }>([
  { name: "one word", key: [1] },
  { name: "three words", key: [1, 2, 3] },
  { name: "a negative word", key: [-1, 0] },
  { name: "a word of 33 bits", key: [0, 2 ** 32] },
])("random() rejects a key of $name", ({ key }) => {
  const error = assertThrows(
    // A key may come from plain JavaScript or from another process.
    () =>
      random([2], { key: key as [number, number], distribution: "uniform" }),
    TensorError,
    `Cannot apply random with attribute "key": found [${key}], wanted two whole numbers from 0 below 2^32`,
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("random() rejects a distribution and a shape that there is not", () => {
  const key: RandomKey = [0, 0];
  assertThrows(
    () => random([2], { key, distribution: "poisson" as "normal" }),
    TensorError,
    'found "poisson", wanted "uniform" or "normal"',
  );
  const error = assertThrows(
    () => random([-2], { key, distribution: "normal" }),
    ShapeError,
  );
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test("random() with a draw: its numbers, by an element that is known only when it is computed", async () => {
  const draw = tensor(Int32Array.of(0, 1, -1));
  for (const [i, number] of [0, 1, -1].entries()) {
    for (const distribution of ["uniform", "normal"] as const) {
      const { node } = draw.select(i, 0);
      const y = new Tensor(
        random([7], { key: [5, 6], distribution, draw: node }),
      );
      const want = new Float32Array(7);
      const fill = distribution === "uniform" ? fillUniform : fillNormal;
      fill([5, 6], want, { draw: number });
      assertEquals(await computeElements(y), Float64Array.from(want));
    }
  }
});

Deno.test.each([
  { draw: tensor(1), message: "DTYPE_MISMATCH" },
  { draw: tensor(Int32Array.of(1)), message: "SHAPE_MISMATCH" },
])(
  "random() rejects a draw that is no number: $message",
  ({ draw, message }) => {
    const error = assertThrows(
      () =>
        random([2], { key: [1, 2], distribution: "uniform", draw: draw.node }),
    );
    assertEquals(isCoded(error) && error.code, message);
  },
);
