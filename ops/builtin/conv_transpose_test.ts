import { assertEquals, assertThrows } from "@std/assert";
import { type Shape, sizeOf } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { ConvTransposeOptions, Tensor } from "../tensor.ts";

/** Small whole numbers: every sum of products is exact. */
function counted(
  shape: Shape,
  [step, modulus]: readonly [number, number],
): Tensor {
  const elements = Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => (i * step) % modulus - Math.floor(modulus / 2),
  );
  return tensor(elements, { shape });
}

function random(shape: Shape, seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

interface Golden {
  readonly name: string;
  readonly x: Shape;
  readonly w: Shape;
  readonly options: ConvTransposeOptions;
  readonly shape: Shape;
  readonly want: readonly number[];
}

// Expected values: PyTorch 1.13, torch.nn.functional.conv_transpose2d in float64.
Deno.test.each<Golden>([
  {
    name: "strides",
    x: [1, 2, 2, 3],
    w: [2, 2, 3, 3],
    options: { stride: 2, padding: 1, outputPadding: 1 },
    shape: [1, 2, 4, 6],
    want: [
      -7,
      -9,
      6,
      18,
      -14,
      -2,
      40,
      -17,
      -5,
      9,
      -17,
      -3,
      21,
      6,
      1,
      22,
      -19,
      -3,
      -6,
      14,
      -6,
      14,
      -6,
      -11,
      -3,
      29,
      -2,
      -8,
      10,
      -6,
      -23,
      24,
      1,
      -6,
      25,
      -3,
      -11,
      -5,
      1,
      -9,
      13,
      -6,
      -3,
      -18,
      1,
      -10,
      5,
      21,
    ],
  },
  {
    name: "groups",
    x: [1, 4, 2, 2],
    w: [4, 2, 2, 1],
    options: { groups: 2, stride: [1, 2] },
    shape: [1, 4, 3, 3],
    want: [
      18,
      0,
      -15,
      9,
      0,
      -14,
      0,
      0,
      10,
      -1,
      0,
      3,
      3,
      0,
      5,
      -8,
      0,
      -10,
      -6,
      0,
      4,
      1,
      0,
      -7,
      -5,
      0,
      -1,
      2,
      0,
      0,
      -21,
      0,
      12,
      7,
      0,
      -13,
    ],
  },
  {
    name: "dilation",
    x: [2, 1, 2, 2],
    w: [1, 2, 2, 2],
    options: { dilation: [2, 3], padding: [0, 1] },
    shape: [2, 2, 4, 3],
    want: [
      -6,
      0,
      -10,
      -15,
      0,
      -4,
      0,
      0,
      10,
      0,
      0,
      4,
      6,
      0,
      -5,
      15,
      0,
      -2,
      -2,
      0,
      15,
      -5,
      0,
      6,
      9,
      0,
      2,
      0,
      0,
      8,
      0,
      0,
      -2,
      0,
      0,
      -8,
      -9,
      0,
      1,
      0,
      0,
      4,
      3,
      0,
      -3,
      0,
      0,
      -12,
    ],
  },
])("convTranspose2d() with $name, as PyTorch computes it", async (row) => {
  const weight = counted(row.w, [5, 7]);
  const y = counted(row.x, [7, 11]).convTranspose2d(weight, row.options);
  assertEquals(y.shape, row.shape);
  assertEquals([...await computeElements(y)], row.want);
});

Deno.test("convTranspose2d() is the gradient of conv2d()", async () => {
  const options = {
    stride: 2,
    padding: 1,
    dilation: [1, 2],
    groups: 2,
  } as const;
  const [x, w] = [random([2, 4, 7, 9], 1), random([6, 2, 3, 2], 2)];
  const y = x.conv2d(w, options);
  const seed = random(y.shape, 3);
  const [want] = gradients(y.mul(seed).sum(), [x]);
  const found = seed.convTranspose2d(w, options);
  assertEquals(found.shape, want!.shape);
  assertClose(
    await computeElements(found),
    await computeElements(want!),
    { tolerance: 1e-12 },
  );
});

Deno.test("convTranspose2d() adds a bias to each channel", async () => {
  const y = tensor([1, 2]).reshape([1, 1, 1, 2]).convTranspose2d(
    tensor([1, -1]).reshape([1, 2, 1, 1]),
    { bias: tensor([10, 20]) },
  );
  assertEquals(await y.array(), [[[[11, 12]], [[19, 18]]]]);
});

Deno.test.each<
  { name: string; x: Shape; w: Shape; options?: ConvTransposeOptions }
>([
  { name: "images of another rank", x: [2, 4, 4], w: [2, 1, 3, 3] },
  { name: "other channels", x: [1, 3, 4, 4], w: [2, 1, 3, 3] },
  {
    name: "channels that do not divide into the groups",
    x: [1, 3, 4, 4],
    w: [3, 1, 3, 3],
    options: { groups: 2 },
  },
  {
    name: "more cut off than there is",
    x: [1, 1, 1, 1],
    w: [1, 1, 2, 2],
    options: { padding: 1 },
  },
])("convTranspose2d() rejects $name", ({ x, w, options }) => {
  const call = () => zeros(x).convTranspose2d(zeros(w), options);
  assertEquals(codeOf(assertThrows(call)), "SHAPE_MISMATCH");
});

Deno.test.each<{ options: ConvTransposeOptions }>([
  { options: { outputPadding: 1 } },
  { options: { outputPadding: -1 } },
  { options: { stride: 2, outputPadding: [1, 2] } },
  { options: { padding: -1 } },
  { options: { groups: 0 } },
  { options: { stride: 0 } },
])("convTranspose2d() rejects $options", ({ options }) => {
  const call = () =>
    zeros([1, 1, 4, 4]).convTranspose2d(zeros([1, 1, 3, 3]), options);
  assertEquals(codeOf(assertThrows(call)), "ATTRIBUTE_INVALID");
});

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

Deno.test("convTranspose2d() has the gradients of central differences", async () => {
  const inputs = [random([2, 2, 3, 2], 1), random([2, 2, 3, 2], 2)];
  await assertGradients(
    (x, w) =>
      x!.convTranspose2d(w!, {
        stride: [2, 3],
        padding: [1, 0],
        outputPadding: [1, 2],
      }),
    inputs,
  );
});
