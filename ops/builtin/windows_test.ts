import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { arange, tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import type { WindowsOptions } from "../tensor.ts";

// Expected values: PyTorch 2, `torch.arange(7.).unfold(0, size, stride)`; dilation worked by hand.
Deno.test.each<
  { size: number; options: WindowsOptions; shape: number[]; want: number[] }
>([
  {
    size: 3,
    options: {},
    shape: [5, 3],
    want: [0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6],
  },
  { size: 3, options: { stride: 3 }, shape: [2, 3], want: [0, 1, 2, 3, 4, 5] },
  { size: 2, options: { stride: 4 }, shape: [2, 2], want: [0, 1, 4, 5] },
  {
    size: 2,
    options: { stride: 2, dilation: 3 },
    shape: [2, 2],
    want: [0, 3, 2, 5],
  },
  { size: 7, options: { axis: 0 }, shape: [1, 7], want: [0, 1, 2, 3, 4, 5, 6] },
])(
  "windows() of $size elements, $options",
  async ({ size, options, shape, want }) => {
    const y = arange(0, 7).windows(size, options);
    assertEquals(y.shape, shape);
    assertEquals([...await computeElements(y)], want);
  },
);

Deno.test("windows() along an axis adds a last one", async () => {
  const x = tensor([[1, 2], [3, 4], [5, 6]]);
  const y = x.windows(2, { axis: 0 });
  assertEquals(await y.array(), [[[1, 3], [2, 4]], [[3, 5], [4, 6]]]);
});

Deno.test.each<{ size: number; options: WindowsOptions }>([
  { size: 1, options: {} },
  { size: 3, options: {} },
  { size: 2, options: { stride: 2 } },
  { size: 2, options: { stride: 3 } },
  { size: 3, options: { stride: 2 } },
  { size: 3, options: { stride: 2, dilation: 2 } },
  { size: 2, options: { axis: 0 } },
])(
  "windows() of $size, $options, has the gradients of central differences",
  async ({ size, options }) => {
    const x = tensor([[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]]);
    await assertGradients((x) => x!.mul(x!).windows(size, options), [x]);
  },
);

Deno.test.each<{ size: number; options: WindowsOptions; want: string }>([
  { size: 0, options: {}, want: "found 0, wanted 1 or more" },
  { size: 2, options: { stride: 0 }, want: '"stride": found 0' },
  { size: 2, options: { dilation: -1 }, want: '"dilation": found -1' },
  { size: 1.5, options: {}, want: "wanted a whole number" },
  {
    size: 3,
    options: { dilation: 2 },
    want: "found windows over 5 elements, wanted at most 4 (axis 1 of",
  },
])("windows() rejects $size, $options", ({ size, options, want }) => {
  const x = arange(0, 8).reshape([2, 4]);
  const error = assertThrows(() => x.windows(size, options), TensorError, want);
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("windows() rejects an axis that is not there", () => {
  const error = assertThrows(
    () => arange(0, 4).windows(1, { axis: 1 }),
    ShapeError,
  );
  assertEquals(error.code, "AXIS_RANGE");
});
