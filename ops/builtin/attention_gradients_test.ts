import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, type Shape, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { Tensor } from "../tensor.ts";
import type { AttentionAttributes } from "./attention_shapes.ts";
import { attentionGradients } from "./attention_gradients.ts";

const SHAPES: readonly Shape[] = [[3, 2], [4, 2], [4, 1], [3, 1], [3], [3]];

function packed(
  [query, key, value, gradient, logSumExp, delta]: readonly Tensor[],
  settings: AttentionAttributes = { causal: false, scale: null },
): Tensor {
  return new Tensor(
    attentionGradients({
      query: query!.node,
      key: key!.node,
      value: value!.node,
      gradient: gradient!.node,
      logSumExp: logSumExp!.node,
      delta: delta!.node,
      mask: 0,
    }, settings),
  );
}

function inputs(): Tensor[] {
  return SHAPES.map((shape, seed) =>
    tensor(randomArray(shape.reduce((a, b) => a * b), seed), { shape })
  );
}

Deno.test("attentionGradients() holds those of queries, keys and values", async () => {
  const y = packed(inputs());
  assertEquals(y.shape, [3 * 2 + 4 * 2 + 4 * 1]);
  const [want] = await evaluateTensors([y]);
  assertClose(await computeElements(y), want!.elements, { tolerance: 1e-12 });
});

// What is known of the output counts as an input of its own, whatever it was computed from.
Deno.test.each<{ name: string; settings: AttentionAttributes }>([
  { name: "plain", settings: { causal: false, scale: null } },
  { name: "causal", settings: { causal: true, scale: 0.3 } },
])(
  "attentionGradients() has the gradients of central differences: $name",
  async ({ settings }) => {
    await assertGradients((...inputs) => packed(inputs, settings), inputs());
  },
);

Deno.test.each<{ input: number; shape: Shape }>([
  { input: 1, shape: [4, 3] },
  { input: 2, shape: [5, 1] },
  { input: 3, shape: [3, 2] },
  { input: 4, shape: [4] },
  { input: 5, shape: [2, 3] },
])(
  "attentionGradients() rejects [$shape] as input $input",
  ({ input, shape }) => {
    const error = assertThrows(
      () => packed(inputs().with(input, zeros(shape))),
      ShapeError,
    );
    assertEquals(error.code, "SHAPE_MISMATCH");
  },
);

Deno.test("attentionGradients() rejects other dtypes", () => {
  for (const [input, shape] of SHAPES.entries()) {
    const whole = zeros(shape, { dtype: "int32" });
    assertThrows(() => packed(inputs().with(input, whole)), DTypeError);
  }
});
