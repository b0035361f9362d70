import { assert, assertEquals, assertThrows } from "@std/assert";
import { DTypeError, OptionError } from "../../core/base/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import type { PoolSize } from "../pool_options.ts";
import type { Tensor } from "../tensor.ts";
import { POOLING_CASES, type PoolingCase } from "./pooling_cases_test.ts";

function pool(
  x: Tensor,
  { kind, kernel, options }: Pick<PoolingCase, "kind" | "kernel" | "options">,
): Tensor {
  switch (kind) {
    case "maxPool1d":
      return x.maxPool1d(Number(kernel), options);
    case "maxPool2d":
      return x.maxPool2d(kernel, options);
    case "avgPool1d":
      return x.avgPool1d(Number(kernel), options);
    case "avgPool2d":
      return x.avgPool2d(kernel, options);
    default:
      assertEquals(kind, "adaptiveAvgPool2d");
      return x.adaptiveAvgPool2d(kernel);
  }
}

/** Elements with many equal ones among them. */
function input(shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const elements = Array.from(
    { length: size },
    (_, i) => ((i * 7919) % 17 - 8) / 4,
  );
  return tensor(elements, { shape });
}

function slopes(y: Tensor, x: Tensor): Tensor {
  const weights = Array.from({ length: y.size }, (_, i) => i % 5 - 1);
  const weighted = y.mul(tensor(weights, { shape: y.shape }));
  return gradients(weighted.sum(), [x])[0]!;
}

// Oracle: PyTorch.
Deno.test.each(POOLING_CASES.map((one) => ({ ...one })))(
  "$kind() of $name is PyTorch's, and so is its gradient",
  async ({ shape, want, ...settings }) => {
    for (const name of ["reference", "wasm"] as const) {
      await using backend = createBackend(name);
      const x = input(shape);
      const y = pool(x, settings);
      assertEquals(y.shape, want.shape);
      const tolerance = 1e-5;
      const got = await computeElements(y, { backend });
      assertClose(got, want.y, { tolerance });
      const slope = await computeElements(slopes(y, x), { backend });
      assertClose(slope, want.dx, { tolerance });
    }
  },
);

// Oracle: central differences, where no two elements are nearly equal.
Deno.test("maxPool2d() and avgPool2d() have the gradients of central differences", async () => {
  const x = tensor(randomArray(60, 3), { shape: [2, 5, 6] });
  const settings = [
    { kernel: 2, options: {} },
    { kernel: 3, options: { stride: 1 } },
    { kernel: 3, options: { stride: 2, padding: 1, ceilMode: true } },
  ];
  for (const { kernel, options } of settings) {
    await assertGradients((x) => x!.mul(x!).maxPool2d(kernel, options), [x]);
    await assertGradients((x) => x!.mul(x!).avgPool2d(kernel, options), [x]);
  }
  await assertGradients((x) => x!.mul(x!).adaptiveAvgPool2d([2, 4]), [x]);
});

Deno.test("maxPool2d() has second derivatives", async () => {
  const x = tensor(randomArray(36, 4), { shape: [6, 6] });
  for (const options of [{}, { stride: 1 }, { padding: 1, stride: 2 }]) {
    await assertGradients((x) => {
      const y = x!.mul(x!).mul(x!).maxPool2d(3, options);
      return gradients(y.mul(y).sum(), [x!])[0]!;
    }, [x]);
  }
});

Deno.test("maxPool2d() keeps whole numbers, and passes NaN on", async () => {
  const whole = tensor([[1, -2], [3, -4]], { dtype: "int32" });
  const y = whole.maxPool2d(2, { padding: 1 });
  assertEquals(y.dtype, "int32");
  assertEquals(await y.array(), [[1, -2], [3, -4]]);
  const x = tensor([[1, NaN, 2, 3], [4, 5, 6, 7]]);
  assertEquals(await x.maxPool2d(2).array(), [[NaN, 7]]);
});

Deno.test("maxPool2d() gives its gradient to the first of equal elements, or the last NaN", async () => {
  const x = tensor([[1, 1, NaN, 0, -Infinity, -Infinity], [
    1,
    1,
    NaN,
    5,
    -Infinity,
    -Infinity,
  ]]);
  for (const name of ["reference", "wasm"] as const) {
    await using backend = createBackend(name);
    const [dx] = gradients(x.maxPool2d(2).sum(), [x]);
    assertEquals([...await computeElements(dx!, { backend })], [
      ...[1, 0, 0, 0, 1, 0],
      ...[0, 0, 1, 0, 0, 0],
    ]);
  }
});

Deno.test("avgPool2d() of whole numbers has fractions", async () => {
  const y = tensor([[1, 2], [2, 2]], { dtype: "int32" }).avgPool2d(2);
  assertEquals(y.dtype, "float32");
  assertEquals(await y.array(), [[1.75]]);
});

Deno.test("maxPool2d() takes batches of nothing", async () => {
  assertEquals((await zeros([0, 4, 4]).maxPool2d(2).data()).length, 0);
  const x = zeros([0, 4, 4]);
  assertEquals((await slopes(x.maxPool2d(2), x).data()).length, 0);
});

Deno.test.each<{ name: string; of: () => Tensor; want: string }>([
  {
    name: "windows that are larger than the tensor",
    of: () => zeros([3, 3]).maxPool2d(4),
    want: "found windows over 4 elements, wanted at most 3",
  },
  {
    name: "dilated windows that are",
    of: () => zeros([3, 3]).maxPool2d(2, { dilation: 3 }),
    want: "found windows over 4 elements",
  },
  {
    name: "too much padding",
    of: () => zeros([3, 3]).avgPool2d(2, { padding: 2 }),
    want: "found 2, wanted at most half of a window over 2 elements",
  },
  {
    name: "negative padding",
    of: () => zeros([3, 3]).avgPool2d(2, { padding: -1 }),
    want: "found [-1,-1], wanted 2 whole numbers from 0",
  },
  {
    name: "a stride of 0",
    of: () => zeros([3, 3]).maxPool2d(2, { stride: 0 }),
    want: "found [0,0], wanted 2 whole numbers from 1",
  },
  {
    name: "too few axes",
    of: () => zeros([3]).maxPool2d(2),
    want: "found 2 sizes, wanted 1 to 1 (shape [3])",
  },
  {
    name: "nothing along an axis",
    of: () => zeros([0, 3]).maxPool2d(1),
    want: "found windows over 1 elements, wanted at most 0",
  },
  {
    name: "no parts",
    of: () => zeros([3, 3]).adaptiveAvgPool2d(0),
    want: "found [0,0], wanted sizes from 1",
  },
])("pooling rejects $name", ({ of, want }) => {
  const error = assertThrows(of, TensorError, want);
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("pooling rejects settings that are no whole numbers, and truth", () => {
  const x = zeros([4, 4]);
  const wrong: unknown[] = [0.5, "2", [2], [2, 2, 2], null];
  for (const size of wrong as PoolSize[]) {
    for (
      const call of [
        () => x.maxPool2d(size),
        () => x.avgPool2d(2, { stride: size }),
        () => x.maxPool2d(2, { dilation: size }),
        () => x.adaptiveAvgPool2d(size),
      ]
    ) {
      const error = assertThrows(call, OptionError);
      assertEquals(error.code, "INVALID_OPTION");
    }
  }
  const error = assertThrows(
    () => zeros([4, 4], { dtype: "bool" }).maxPool2d(2),
    DTypeError,
  );
  assertEquals(error.code, "DTYPE_MISMATCH");
  assert(x.maxPool2d([2, 2]).shape.every((size) => size === 2));
});
