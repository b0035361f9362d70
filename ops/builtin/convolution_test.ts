import { assertEquals, assertThrows } from "@std/assert";
import { type Shape, sizeOf } from "../../core/base/mod.ts";
import { assertGradients, randomArray } from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { Tensor } from "../tensor.ts";
import { convolution, type ConvolutionAttributes } from "./convolution.ts";

function random(shape: Shape, seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

function convolve(
  x: Tensor,
  weight: Tensor,
  attributes: Partial<ConvolutionAttributes> = {},
): Tensor {
  const axes = x.rank - 3;
  const ones = new Array<number>(axes).fill(1);
  return new Tensor(convolution(x.node, weight.node, {
    stride: ones,
    dilation: ones,
    inputDilation: ones,
    padding: new Array<number>(2 * axes).fill(0),
    ...attributes,
  }));
}

Deno.test("convolution() puts zeros between the elements of images", async () => {
  const x = tensor([1, 2, 3]).reshape([1, 1, 1, 3]);
  const w = tensor([1, 10]).reshape([1, 1, 1, 2]);
  const y = convolve(x, w, { inputDilation: [2], padding: [1, 0] });
  // Windows over 0 1 0 2 0 3.
  assertEquals(await y.array(), [[[[10, 1, 20, 2, 30]]]]);
});

Deno.test("convolution() cuts places off where padding is negative", async () => {
  const x = tensor([1, 2, 3, 4]).reshape([1, 1, 1, 4]);
  const w = tensor([1, 10]).reshape([1, 1, 1, 2]);
  const y = convolve(x, w, { padding: [-1, -1] });
  assertEquals(await y.array(), [[[[32]]]]);
});

Deno.test("convolution() of images of three axes", async () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8]).reshape([1, 1, 1, 2, 2, 2]);
  const y = convolve(x, x);
  assertEquals(await y.array(), [[[[[[204]]]]]]);
});

Deno.test.each<{ x: Shape; w: Shape; code: string }>([
  { x: [1, 1, 3], w: [1, 1, 3], code: "SHAPE_INVALID" },
  { x: [1, 1, 1, 2, 2, 2, 2], w: [1, 1, 1, 1, 1, 1, 1], code: "SHAPE_INVALID" },
  { x: [1, 2, 1, 3], w: [1, 1, 1, 3], code: "SHAPE_MISMATCH" },
  { x: [1, 1, 2, 3], w: [1, 1, 1, 3], code: "SHAPE_MISMATCH" },
])("convolution() rejects images [$x] by weights [$w]", ({ x, w, code }) => {
  const error = assertThrows(() => convolve(random(x, 1), random(w, 2)));
  assertEquals((error as { code?: unknown }).code, code);
});

Deno.test("convolution() has the gradients of central differences with all its steps", async () => {
  const inputs = [random([2, 2, 2, 5, 3], 1), random([2, 3, 2, 2, 3], 2)];
  await assertGradients((x, w) =>
    convolve(x!, w!, {
      stride: [3, 2],
      dilation: [2, 1],
      inputDilation: [2, 3],
      padding: [-1, 2, 1, -2],
    }), inputs);
});
