/** What convolutions do not take. */
import { assertEquals, assertThrows } from "@std/assert";
import type { Shape } from "../../core/base/mod.ts";
import { tensor, zeros } from "../create.ts";
import type { ConvOptions } from "../tensor.ts";

Deno.test.each<{ name: string; x: Shape; w: Shape; options?: ConvOptions }>([
  { name: "images of another rank", x: [2, 4, 4], w: [1, 2, 3, 3] },
  { name: "weights of another rank", x: [1, 2, 4, 4], w: [1, 2, 3] },
  { name: "other channels", x: [1, 3, 4, 4], w: [1, 2, 3, 3] },
  {
    name: "channels that do not divide into the groups",
    x: [1, 4, 4, 4],
    w: [3, 2, 3, 3],
    options: { groups: 2 },
  },
  { name: "a window larger than the image", x: [1, 1, 2, 4], w: [1, 1, 3, 3] },
  {
    name: "a stretched window larger than the padded image",
    x: [1, 1, 4, 4],
    w: [1, 1, 3, 3],
    options: { dilation: 3, padding: 1 },
  },
  {
    name: "a bias of another size",
    x: [1, 1, 1, 1],
    w: [2, 1, 1, 1],
    options: { bias: tensor([1]) },
  },
])("conv2d() rejects $name", ({ x, w, options }) => {
  const error = assertThrows(() => zeros(x).conv2d(zeros(w), options));
  assertEquals(codeOf(error), "SHAPE_MISMATCH");
});

Deno.test.each<{ x: Shape; w: Shape }>([
  { x: [1, 1, 0, 4], w: [1, 1, 1, 1] },
  { x: [1, 1, 4, 4], w: [1, 1, 0, 1] },
])("conv2d() rejects images [$x] or windows [$w] without elements", (row) => {
  const error = assertThrows(() => zeros(row.x).conv2d(zeros(row.w)));
  assertEquals(codeOf(error), "SHAPE_INVALID");
});

Deno.test.each<{ options: Record<string, unknown> }>([
  { options: { stride: 0 } },
  { options: { stride: [1] } },
  { options: { stride: 1.5 } },
  { options: { stride: "2" } },
  { options: { dilation: 0 } },
  { options: { padding: -1 } },
  { options: { padding: [1, 2, 3] } },
  { options: { padding: "full" } },
  { options: { padding: null } },
  { options: { padding: NaN } },
  { options: { groups: 0 } },
  { options: { groups: 1.5 } },
  { options: { padding: "same", stride: 2 } },
])("conv2d() rejects $options", ({ options }) => {
  const call = () =>
    zeros([1, 1, 4, 4]).conv2d(zeros([1, 1, 3, 3]), options as ConvOptions);
  assertEquals(codeOf(assertThrows(call)), "ATTRIBUTE_INVALID");
});

Deno.test("conv2d() rejects other dtypes, and weights that are no tensor", () => {
  const whole = zeros([1, 1, 2, 2], { dtype: "int32" });
  for (
    const [x, w] of [[whole, zeros([1, 1, 1, 1])], [zeros([1, 1, 1, 1]), whole]]
  ) {
    assertEquals(codeOf(assertThrows(() => x!.conv2d(w!))), "DTYPE_MISMATCH");
  }
  const call = () => zeros([1, 1, 1, 1]).conv2d(1 as never);
  assertEquals(codeOf(assertThrows(call)), "INVALID_OPTION");
});

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
