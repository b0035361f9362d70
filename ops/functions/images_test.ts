// Oracle: loops over pixels; PyTorch's values are held in tests/goldens.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { arange, ones, zeros } from "../create.ts";
import { tensor } from "../create.ts";
import { fold, interpolate, unfold } from "./images.ts";

Deno.test("unfold() lists windows as columns", async () => {
  const x = arange(0, 9).reshape([1, 3, 3]);
  const y = unfold(x, { kernel: 2 });
  assertEquals(await y.array(), [
    [0, 1, 3, 4],
    [1, 2, 4, 5],
    [3, 4, 6, 7],
    [4, 5, 7, 8],
  ]);
});

Deno.test("unfold() and a product are a convolution", async () => {
  const [h, w] = [5, 4];
  const x = arange(0, 2 * h * w).reshape([1, 2, h, w]).mul(0.1).sin();
  const weight = arange(0, 3 * 2 * 6).reshape([3, 2, 2, 3]).mul(0.3).cos();
  const steps = { stride: [2, 1], padding: [1, 2], dilation: [1, 2] } as const;
  const columns = unfold(x, { kernel: [2, 3], ...steps });
  const y = weight.reshape([3, 12]).matmul(columns);
  const want = x.conv2d(weight, {
    ...steps,
    padding: [[1, 1], [2, 2]],
  });
  assertClose(await computeElements(y), await computeElements(want));
});

Deno.test("fold() adds up what unfold() takes apart", async () => {
  const options = { kernel: 2, stride: [1, 2], padding: [1, 0] } as const;
  const x = arange(0, 24).reshape([2, 3, 4]);
  const often = fold(unfold(ones([2, 3, 4]), options), {
    ...options,
    size: [3, 4],
  });
  const y = fold(unfold(x, options), { ...options, size: [3, 4] });
  assertClose(
    await computeElements(y),
    await computeElements(x.mul(often)),
  );
  await assertGradients((x) =>
    fold(unfold(x!, options), {
      ...options,
      size: [3, 4],
    }), [x.mul(0.1)]);
});

Deno.test("interpolate() repeats the nearest pixel at any sizes", async () => {
  for (const size of [1, 2, 3, 7, 64]) {
    for (const wanted of [1, 2, 3, 5, 9, 100]) {
      const y = interpolate(arange(0, size), { size: [wanted] });
      const want = Array.from(
        { length: wanted },
        (_, i) => Math.floor(i * size / wanted),
      );
      assertEquals(await y.array(), want, `${size} to ${wanted}`);
    }
  }
});

Deno.test("interpolate() keeps whole numbers for the nearest", async () => {
  const x = tensor([[1, 2]], { dtype: "int32" });
  const y = interpolate(x, { size: [2, 4] });
  assertEquals(y.dtype, "int32");
  assertEquals(await y.array(), [[1, 1, 2, 2], [1, 1, 2, 2]]);
});

Deno.test("interpolate() lies between pixels, by edges or by corners", async () => {
  const x = tensor([1, 3, 4]);
  const size = [5];
  const edges = interpolate(x, { size, mode: "linear" });
  assertClose(await computeElements(edges), [1, 1.8, 3, 3.6, 4]);
  const corners = interpolate(x, { size, mode: "linear", alignCorners: true });
  assertClose(await computeElements(corners), [1, 2, 3, 3.5, 4]);
  const one = interpolate(x, { size: [1], mode: "linear", alignCorners: true });
  assertClose(await computeElements(one), [1]);
});

Deno.test("interpolate() carries gradients back", async () => {
  const x = arange(0, 6).mul(0.3).cos().reshape([2, 3]);
  for (const mode of ["nearest", "linear"] as const) {
    await assertGradients((x) => interpolate(x!, { size: [3, 5], mode }), [x]);
  }
});

Deno.test.each<{ name: string; call: () => unknown; code: string }>([
  {
    name: "a window larger than the image",
    call: () => unfold(zeros([1, 2, 2]), { kernel: 3 }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "a window of nothing",
    call: () => unfold(zeros([1, 2, 2]), { kernel: 0 }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an image without channels",
    call: () => unfold(zeros([2, 2]), { kernel: 1 }),
    code: "AXIS_RANGE",
  },
  {
    name: "columns of other windows",
    call: () => fold(zeros([4, 3]), { kernel: 2, size: 3 }),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "no size",
    call: () => fold(zeros([4, 3]), { kernel: 2 } as never),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an image of no size",
    call: () => interpolate(zeros([2]), { size: [0] }),
    code: "SHAPE_INVALID",
  },
  {
    name: "more sizes than axes",
    call: () => interpolate(zeros([2]), { size: [2, 2] }),
    code: "AXIS_RANGE",
  },
  {
    name: "an unknown mode",
    call: () => interpolate(zeros([2]), { size: [2], mode: "cubic" as never }),
    code: "ATTRIBUTE_INVALID",
  },
])("$name is reported with $code", ({ call, code }) => {
  const error = assertThrows(call);
  assert(isCoded(error) && error.code === code, `${error}`);
});
