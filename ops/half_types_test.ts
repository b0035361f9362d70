/** Oracles: PyTorch 1.13 on a CPU, and roundHalf() where a number is rounded once. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  type DType,
  DTypeError,
  type HalfDType,
  roundHalf,
} from "../core/base/mod.ts";
import { createBackend } from "../kernels/mod.ts";
import { assertClose } from "../testing/mod.ts";
import { gradients } from "./gradients.ts";
import { tensor } from "./create.ts";
import { randomNormal } from "./create_random.ts";
import { realize, realizeOn } from "./realize_tensors.ts";
import type { Tensor } from "./tensor.ts";

const HALVES: readonly HalfDType[] = ["bfloat16", "float16"];
const LEFT = [0.1, -2.7, 3.3, 1000.5, 6e-5, -65000];
const RIGHT = [3, 0.7, -1.1, 0.0123, 7e-5, -2];

const BACKENDS = ["reference", "wasm"] as const;

/** Computes a tensor on a backend. */
async function dataOn(
  name: typeof BACKENDS[number],
  x: Tensor,
): Promise<number[]> {
  await using backend = createBackend(name);
  await realizeOn([x], { backend });
  const elements = [...await x.data()];
  x.dispose();
  return elements;
}

// torch.tensor(LEFT, dtype=…) with torch.tensor(RIGHT, dtype=…), element by element.
const GOLDEN: readonly {
  readonly dtype: HalfDType;
  readonly name: "add" | "div" | "mul" | "sub";
  readonly want: readonly number[];
}[] = [
  {
    dtype: "float16",
    name: "add",
    want: [
      3.099609375,
      -1.9990234375,
      2.201171875,
      1000.5,
      0.00012993812561035156,
      -64992,
    ],
  },
  {
    dtype: "float16",
    name: "mul",
    want: [0.2998046875, -1.8896484375, -3.62890625, 12.3046875, 0, Infinity],
  },
  {
    dtype: "float16",
    name: "div",
    want: [
      0.0333251953125,
      -3.85546875,
      -3.001953125,
      Infinity,
      0.85791015625,
      32496,
    ],
  },
  {
    dtype: "float16",
    name: "sub",
    want: [
      -2.900390625,
      -3.3984375,
      4.3984375,
      1000.5,
      -9.953975677490234e-06,
      -64992,
    ],
  },
  {
    dtype: "bfloat16",
    name: "add",
    want: [3.09375, -2, 2.1875, 1000, 0.00012969970703125, -65024],
  },
  {
    dtype: "bfloat16",
    name: "mul",
    want: [
      0.30078125,
      -1.890625,
      -3.625,
      12.3125,
      4.220055416226387e-09,
      130048,
    ],
  },
  {
    dtype: "bfloat16",
    name: "div",
    want: [0.033447265625, -3.859375, -3, 80896, 0.85546875, 32512],
  },
  {
    dtype: "bfloat16",
    name: "sub",
    want: [
      -2.90625,
      -3.40625,
      4.40625,
      1000,
      -1.0013580322265625e-05,
      -65024,
    ],
  },
];

for (const backend of BACKENDS) {
  Deno.test.each(GOLDEN)(
    `$name of $dtype is PyTorch's on ${backend}`,
    async (row) => {
      const { dtype, name, want } = row;
      const y = tensor(LEFT, { dtype })[name](tensor(RIGHT, { dtype }));
      assertEquals(y.dtype, dtype);
      assertEquals(await dataOn(backend, y), [...want]);
    },
  );

  Deno.test.each(HALVES)(
    `cast() to %s rounds inside a kernel on ${backend}`,
    async (dtype) => {
      const numbers = [1 / 3, 65519, 65520, 1e-7, -3e-8, 1 + 2 ** -11, 1e-40];
      const single = numbers.map(Math.fround);
      const y = tensor(numbers).cast(dtype).cast("float32").mul(2);
      const want = single.map((x) => 2 * roundHalf(x, dtype));
      assertEquals(await dataOn(backend, y), want);
    },
  );
}

Deno.test.each<{ left: DType; right: DType; want: number }>([
  // PyTorch: (a + b)[0] of two tensors that hold 0.1.
  { left: "float16", right: "bfloat16", want: 0.2000732421875 },
  { left: "float16", right: "float32", want: 0.19997557997703552 },
])("$left and $right meet in float32", async ({ left, right, want }) => {
  const y = tensor([0.1], { dtype: left }).add(tensor([0.1], { dtype: right }));
  assertEquals(y.dtype, "float32");
  assertEquals(await y.item(), want);
});

Deno.test("whole numbers and numbers beside a half take its dtype", async () => {
  const x = tensor(LEFT, { dtype: "float16" });
  const y = x.add(tensor(Int32Array.of(1, 2, 3, 4, 5, 6)));
  assertEquals(y.dtype, "float16");
  // PyTorch: the same sum.
  assertEquals([...await y.data()], [
    1.099609375,
    -0.69921875,
    6.30078125,
    1004.5,
    5,
    -64992,
  ]);
  assertEquals(x.mul(0.1).dtype, "float16");
  assertEquals(x.cast("bfloat16").add(1).dtype, "bfloat16");
});

Deno.test.each(HALVES)("tensor() rounds what %s cannot hold", async (dtype) => {
  const want = Float32Array.from(LEFT, (x) => roundHalf(x, dtype));
  assertEquals(await tensor(LEFT, { dtype }).data(), want);
  assertEquals(await tensor(want, { dtype }).data(), want);
  // Through a backend and back.
  const x = tensor(LEFT, { dtype }).reshape([2, 3]).transpose();
  const [a, b, c, d, e, f] = want;
  assertEquals(await x.data(), Float32Array.of(a!, d!, b!, e!, c!, f!));
});

Deno.test("tensor() takes a Float16Array as float16", async () => {
  const x = tensor(Float16Array.of(0.1, 65504));
  assertEquals(x.dtype, "float16");
  assertEquals(await x.data(), Float32Array.of(0.0999755859375, 65504));
});

Deno.test.each(HALVES)("operators of fractions keep %s", async (dtype) => {
  const x = randomNormal([3, 40], { key: 1 }).cast(dtype);
  await x.realize();
  const wide = x.cast("float32");
  const pairs: readonly (readonly [got: Tensor, want: Tensor])[] = [
    [x.exp(), wide.exp()],
    [x.relu(), wide.relu()],
    [x.gelu(), wide.gelu()],
    [x.silu(), wide.silu()],
    [x.softmax(), wide.softmax()],
    [x.logSoftmax(0), wide.logSoftmax(0)],
    [x.layerNorm(), wide.layerNorm()],
    [x.mean(1), wide.mean(1)],
    [x.variance(0), wide.variance(0)],
    [x.sum(), wide.sum()],
    [x.max(0), wide.max(0)],
    [x.matmul(x.transpose()), wide.matmul(wide.transpose())],
  ];
  const tolerance = dtype === "float16" ? 2 ** -11 : 2 ** -8;
  for (const [got, want] of pairs) {
    assertEquals(got.dtype, dtype);
    assertClose(await got.data(), await want.data(), { tolerance });
  }
  assertEquals(x.argmax(0).dtype, "int32");
  assertEquals(await x.argmax(1).data(), await wide.argmax(1).data());
});

Deno.test("sum() of a half is carried in float32", async () => {
  // In float16 the sum would stay at 2048.
  const ones = tensor(new Float32Array(5000).fill(1), { dtype: "float16" });
  assertEquals(await ones.sum().item(), 5000);
  const y = ones.reshape([50, 100]).sum(0).sum();
  assertEquals(await y.item(), 5000);
});

Deno.test.each(HALVES)(
  "matmul() with weights of %s keeps float32",
  async (dtype) => {
    for (
      const [rows, depth, columns] of [[1, 33, 20], [7, 40, 9], [30, 17, 41]]
    ) {
      const x = randomNormal([rows!, depth!], { key: 1 });
      const weights = randomNormal([columns!, depth!], { key: 2 }).cast(dtype);
      await realize(x, weights);
      const y = x.matmul(weights.transpose());
      assertEquals(y.dtype, "float32");
      const want = x.matmul(weights.cast("float32").transpose());
      assertEquals(await y.data(), await want.data());
    }
  },
);

Deno.test.each(HALVES)(
  "gradients() have the dtype of their targets: %s",
  async (dtype) => {
    const x = tensor([[1, 2], [3, 4]], { dtype });
    const weights = tensor([[0.5, -1], [2, 0.25]]);
    const loss = x.matmul(weights).mul(x).sum();
    const [dx, dw] = gradients(loss, [x, weights]);
    assertEquals([dx!.dtype, dw!.dtype], [dtype, "float32"]);
    // d/dx of Σ (x w) ∘ x is x w + x wᵀ; d/dw is xᵀ x.
    assertEquals(await dx!.array(), [[3, 2], [7, 5]]);
    assertEquals(await dw!.array(), [[10, 14], [14, 20]]);
  },
);

Deno.test.each(HALVES)("gather() and its gradient take %s", async (dtype) => {
  const x = tensor([1, 2, 3], { dtype });
  const index = tensor(Int32Array.of(2, 2, 0, 7));
  const y = x.gather(index, 0);
  assertEquals(await y.array(), [3, 3, 1, NaN]);
  const safe = x.gather(tensor(Int32Array.of(2, 2, 0)), 0).sum();
  const [dx] = gradients(safe, [x]);
  assertEquals(dx!.dtype, dtype);
  assertEquals(await dx!.array(), [1, 0, 2]);
});

Deno.test("int8 is for storing: arithmetic on it is that of int32", async () => {
  const x = tensor(Int8Array.of(-128, 127, 5));
  assertEquals(x.dtype, "int8");
  assertEquals(await x.data(), Int8Array.of(-128, 127, 5));
  for (
    const [y, want] of [
      [x.add(x), [-256, 254, 10]],
      [x.abs(), [128, 127, 5]],
      [x.mul(3), [-384, 381, 15]],
      [x.relu(), [0, 127, 5]],
      [x.sum(), [4]],
    ] as const
  ) {
    assertEquals(y.dtype, "int32");
    assertEquals<unknown>(await y.data(), Int32Array.from(want));
  }
  assertEquals(x.max().dtype, "int8");
  assertEquals(await x.max().item(), 127);
  assertEquals(x.div(2).dtype, "float32");
  assertEquals(x.add(tensor([0.5], { dtype: "float16" })).dtype, "float16");
});

for (const backend of BACKENDS) {
  Deno.test(`cast() to int8 clamps on ${backend}`, async () => {
    const x = tensor([-1e9, -128.9, -3.7, 3.7, 127.9, 300, NaN]);
    const want = [-128, -128, -3, 3, 127, 127, 0];
    assertEquals(await dataOn(backend, x.cast("int8")), want);
    const inside = x.cast("int8").cast("float32").add(0.5);
    assertEquals(await dataOn(backend, inside), want.map((y) => y + 0.5));
  });

  Deno.test(`matmul() of int8 is exact on ${backend}`, async () => {
    const shapes = [[1, 70, 40], [5, 64, 1], [9, 33, 21], [4, 0, 3]] as const;
    for (const [rows, depth, columns] of shapes) {
      const a = Int8Array.from({ length: rows * depth }, (_, i) => i * 89);
      const b = Int8Array.from({ length: depth * columns }, (_, i) => i * 67);
      const want = Array.from({ length: rows * columns }, (_, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum += a[i * depth + k]! * b[k * columns + j]!;
        }
        return sum;
      });
      const y = tensor(a, { shape: [rows, depth] })
        .matmul(tensor(b, { shape: [depth, columns] }));
      assertEquals(y.dtype, "int32");
      assertEquals(await dataOn(backend, y), want);
    }
  });
}

Deno.test("matmul() refuses int8 beside anything else", () => {
  const x = tensor(Int8Array.of(1, 2), { shape: [1, 2] });
  assertThrows(
    () => x.matmul(tensor([[1], [2]])),
    DTypeError,
    'Cannot apply matmul to "int8"',
  );
});
