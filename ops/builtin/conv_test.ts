import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type DType, type Shape, sizeOf } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { ConvOptions, Tensor } from "../tensor.ts";

function random(shape: Shape, seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

Deno.test("conv2d() pads both ends of an axis differently", async () => {
  const x = tensor([1, 2, 3]).reshape([1, 1, 1, 3]);
  const y = x.conv2d(tensor([1, 10]).reshape([1, 1, 1, 2]), {
    padding: [0, [2, 1]],
  });
  assertEquals(await y.array(), [[[[0, 10, 21, 32, 3]]]]);
});

Deno.test("conv2d() adds a bias to each channel", async () => {
  const y = tensor([1, 2]).reshape([1, 1, 1, 2])
    .conv2d(tensor([1, -1]).reshape([2, 1, 1, 1]), { bias: tensor([10, 20]) });
  assertEquals(await y.array(), [[[[11, 12]], [[19, 18]]]]);
});

Deno.test('conv2d() without padding is padding "valid"', async () => {
  const [x, w] = [random([1, 2, 4, 4], 1), random([2, 2, 3, 3], 2)];
  const want = await computeElements(x.conv2d(w));
  assertEquals(await computeElements(x.conv2d(w, { padding: "valid" })), want);
});

Deno.test.each<{ x: DType; w: DType; want: DType }>([
  { x: "float16", w: "float16", want: "float16" },
  { x: "bfloat16", w: "bfloat16", want: "bfloat16" },
  { x: "float16", w: "float32", want: "float32" },
])(
  "conv2d() and convTranspose2d() of $x by $w give $want, computed in float32",
  async ({ x, w, want }) => {
    const image = random([2, 4, 5, 5], 1).cast(x);
    const weight = random([4, 2, 3, 3], 2).cast(w);
    const wide = [image.cast("float32"), weight.cast("float32")] as const;
    const calls = (
      [a, b]: readonly [Tensor, Tensor],
    ) => [a.conv2d(b, { groups: 2 }), a.convTranspose2d(b, { stride: 2 })];
    const sums = calls([image, weight]);
    for (const [i, y] of calls(wide).entries()) {
      assertEquals(sums[i]!.dtype, want);
      const rounded = await computeElements(y.cast(want).cast("float32"));
      const found = await computeElements(sums[i]!.cast("float32"));
      assertEquals(found, rounded);
    }
  },
);

Deno.test("conv2d() of half images and weights has half gradients", async () => {
  const image = random([1, 2, 4, 4], 1).cast("float16");
  const weight = random([3, 2, 3, 3], 2).cast("float16");
  const sum = image.conv2d(weight).cast("float32").sum();
  const found = gradients(sum, [image, weight]);
  assertEquals(found.map(({ dtype }) => dtype), ["float16", "float16"]);
  const wide = [image.cast("float32"), weight.cast("float32")] as const;
  const want = gradients(wide[0].conv2d(wide[1]).sum(), wide);
  for (const [i, gradient] of found.entries()) {
    const slopes = await computeElements(gradient.cast("float32"));
    const rounded = want[i]!.cast("float16").cast("float32");
    assertEquals(slopes, await computeElements(rounded));
  }
});

Deno.test("conv2d() of no images and of no channels", async () => {
  const none = zeros([0, 2, 4, 4]).conv2d(zeros([3, 2, 3, 3]));
  assertEquals(none.shape, [0, 3, 2, 2]);
  assertEquals((await none.data()).length, 0);
  const empty = zeros([1, 0, 2, 2]).conv2d(zeros([2, 0, 1, 1]), {
    bias: tensor([1, 2]),
  });
  assertEquals([...await empty.data()], [1, 1, 1, 1, 2, 2, 2, 2]);
});

Deno.test.each<{ name: string; x: Shape; w: Shape; options: ConvOptions }>([
  {
    name: "padding",
    x: [2, 2, 4, 3],
    w: [2, 2, 3, 3],
    options: { padding: 1 },
  },
  {
    name: "steps that leave places over",
    x: [1, 2, 6, 5],
    w: [3, 2, 3, 2],
    options: { stride: [2, 3], padding: [1, [0, 2]] },
  },
  {
    name: "groups and stretched windows",
    x: [2, 4, 5, 4],
    w: [2, 2, 2, 2],
    options: { groups: 2, dilation: [3, 2] },
  },
  {
    name: "padding larger than the window",
    x: [1, 1, 1, 1],
    w: [1, 1, 2, 2],
    options: { padding: 3, stride: 2 },
  },
])(
  "conv2d() with $name has the gradients of central differences",
  async (row) => {
    const inputs = [random(row.x, 1), random(row.w, 2)];
    await assertGradients((x, w) => x!.conv2d(w!, row.options), inputs);
  },
);

Deno.test("conv2d() has the second derivatives of central differences", async () => {
  const options = {
    stride: [2, 1],
    padding: [[1, 0], 1],
    dilation: [1, 2],
  } as const;
  const inputs = [random([2, 2, 4, 4], 1), random([1, 2, 2, 2], 2)];
  for (const i of [0, 1]) {
    await assertGradients((x, w) => {
      const y = x!.conv2d(w!, options);
      return gradients(y.mul(y).sum(), [x!, w!])[i]!;
    }, inputs);
  }
});

/** The definition, on lists of numbers, for images of one axis. */
function convolveLine(
  x: readonly number[],
  w: readonly number[],
  { stride, dilation, low, high }: Readonly<Record<string, number>>,
): number[] {
  const line = [
    ...new Array<number>(low!).fill(0),
    ...x,
    ...new Array<number>(high!).fill(0),
  ];
  const reach = (w.length - 1) * dilation!;
  const sums: number[] = [];
  for (let at = 0; at + reach < line.length; at += stride!) {
    sums.push(
      w.reduce((sum, weight, k) => sum + weight * line[at + k * dilation!]!, 0),
    );
  }
  return sums;
}

Deno.test("conv1d() is what its definition says, for all steps and paddings", async () => {
  const number = fc.integer({ min: -9, max: 9 });
  const numbers = (maxLength: number) =>
    fc.array(number, { minLength: 1, maxLength });
  const steps = fc.record({
    stride: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    low: fc.nat(6),
    high: fc.nat(6),
  });
  let computed = 0;
  const property = fc.asyncProperty(
    numbers(12),
    numbers(5),
    steps,
    async (x, w, { stride, dilation, low, high }) => {
      const call = () =>
        tensor(x).reshape([1, 1, -1]).conv1d(tensor(w).reshape([1, 1, -1]), {
          stride,
          dilation,
          padding: [[low, high]],
        });
      const want = convolveLine(x, w, { stride, dilation, low, high });
      if (want.length === 0) {
        assertEquals(codeOf(assertThrows(call)), "SHAPE_MISMATCH");
        return;
      }
      computed++;
      assertClose(await computeElements(call()), want, { tolerance: 0 });
    },
  );
  await fc.assert(property, { seed: 1, numRuns: 200 });
  assertEquals(computed > 100, true);
});

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
