import { assertEquals, assertRejects } from "@std/assert";
import {
  defineOperator,
  type Tensor,
  tensor,
  TensorError,
} from "../ops/mod.ts";
import { AssertionError } from "./assert_close.ts";
import { assertGradients } from "./assert_gradients.ts";

/** x², with the slope that it is given in the place of 2. */
function square(slope: number): (x: Tensor) => Tensor {
  return defineOperator({
    name: "test:square",
    inputs: ["x"],
    forward: ([x]) => x!.mul(x!),
    vjp: ({ inputs: [x], gradient }) => [gradient.mul(x!.mul(slope))],
  });
}

const X = [0.5, -1.5, 3];

Deno.test("assertGradients() accepts a gradient that is right", async () => {
  await assertGradients((x) => square(2)(x!), [tensor(X)]);
});

Deno.test("assertGradients() rejects a gradient that is slightly wrong", async () => {
  await assertRejects(
    () => assertGradients((x) => square(2.00001)(x!), [tensor(X)], { seed: 4 }),
    AssertionError,
    "(seed 4)",
  );
});

Deno.test("assertGradients() is as strict as it is told to be", async () => {
  const tolerance = 1e-4;
  await assertGradients((x) => square(2.00001)(x!), [tensor(X)], { tolerance });
});

Deno.test("assertGradients() looks at every input", async () => {
  const wrong = square(3);
  await assertGradients((x, y) => x!.add(y!), [tensor(X), tensor(X)]);
  for (const i of [0, 1]) {
    await assertRejects(
      () =>
        assertGradients(
          (...inputs) => wrong(inputs[i]!).add(inputs[1 - i]!),
          [tensor(X), tensor(X)],
        ),
      AssertionError,
    );
  }
});

Deno.test("assertGradients() notices outputs that are mixed up", async () => {
  // Added up evenly, a gradient that went to the wrong element would look right.
  const swapped = defineOperator({
    name: "test:swapped",
    inputs: ["x"],
    forward: ([x]) => x!.mul(2),
    vjp: ({ gradient }) => [
      gradient.take(tensor([1, 0], { dtype: "int32" })).mul(2),
    ],
  });
  await assertRejects(
    () => assertGradients((x) => swapped(x!), [tensor([1, 2])]),
    AssertionError,
  );
});

Deno.test("assertGradients() reports what has no gradient", async () => {
  const error = await assertRejects(
    () => assertGradients((x) => x!.exp(), [tensor([1], { dtype: "int32" })]),
    TensorError,
  );
  assertEquals(error.code, "NOT_DIFFERENTIABLE");
});
