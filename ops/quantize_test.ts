/** Oracles: whole-number products by hand, and the product with the weights that are meant. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  DTypeError,
  fillNormal,
  OptionError,
  randomKey,
  ShapeError,
} from "../core/base/mod.ts";
import { createBackend } from "../kernels/mod.ts";
import { assertClose } from "../testing/mod.ts";
import { tensor, zeros } from "./create.ts";
import { randomNormal } from "./create_random.ts";
import { gradients } from "./gradients.ts";
import { quantizedMatmul, quantizeInt8 } from "./quantize.ts";
import { realizeOn } from "./realize_tensors.ts";

Deno.test("quantizeInt8() brings the largest weight of each output to 127", async () => {
  const weight = tensor([[254, -0.5, 0], [-3, 1, 0], [1, -127, 0]]);
  const { values, scale, axis } = quantizeInt8(weight);
  assertEquals([values.dtype, scale.dtype, axis], ["int8", "float32", 1]);
  // -3 / 2 and 1 / 2 are halves, which go to the even number.
  assertEquals(await values.array(), [[127, 0, 0], [-2, 1, 0], [0, -127, 0]]);
  assertEquals(await scale.data(), Float32Array.of(2, 1, 2 ** -100 / 127));
});

Deno.test("quantizeInt8() takes outputs along axis 0 too", async () => {
  const weight = randomNormal([4, 6], { key: 1 });
  const [rows, columns] = [
    quantizeInt8(weight, { axis: -2 }),
    quantizeInt8(weight.transpose()),
  ];
  assertEquals(rows.axis, 0);
  assertEquals(
    await rows.values.data(),
    await columns.values.transpose().data(),
  );
  assertEquals(await rows.scale.data(), await columns.scale.data());
  const x = randomNormal([3, 6], { key: 2 });
  assertEquals(
    await quantizedMatmul(x, rows).data(),
    await quantizedMatmul(x, columns).data(),
  );
});

Deno.test("quantizeInt8() is off by half a level at most", () => {
  const weights = fc.array(
    fc.float({ noNaN: true, min: -1000, max: 1000 }),
    { minLength: 1, maxLength: 40 },
  );
  const property = fc.asyncProperty(weights, async (numbers) => {
    const { values, scale } = quantizeInt8(
      tensor(numbers, { shape: [numbers.length, 1] }),
    );
    const [levels, step] = [await values.data(), await scale.item()];
    levels.forEach((level, i) => {
      const gap = Math.abs(level * step - numbers[i]!);
      assert(gap <= step * 0.5001, `${numbers[i]}: ${level} of ${step}`);
    });
  });
  return fc.assert(property, { seed: 1, numRuns: 100 });
});

/** Rows as whole numbers, as the operator brings them there. */
function levelsOf(row: readonly number[]): { levels: number[]; scale: number } {
  const largest = Math.max(...row.map(Math.abs));
  const scale = Math.fround(largest / 127);
  const levels = row.map((x) => {
    const quotient = Math.fround(x / scale);
    const below = Math.floor(quotient);
    const half = quotient - below;
    return half > 0.5 || half === 0.5 && below % 2 !== 0 ? below + 1 : below;
  });
  return { levels, scale };
}

Deno.test.each([
  { rows: 1, depth: 100, columns: 37 },
  { rows: 2, depth: 33, columns: 50 },
  { rows: 3, depth: 16, columns: 5 },
  { rows: 2, depth: 7, columns: 48 },
  { rows: 1, depth: 1, columns: 16 },
  { rows: 1, depth: 16, columns: 16 },
  { rows: 40, depth: 70, columns: 1 },
  { rows: 13, depth: 1201, columns: 21 },
])(
  "quantizedMatmul() [$rows,$depth] by [$depth,$columns] is exact in whole numbers",
  async (row) => {
    const { rows, depth, columns } = row;
    const numbers = new Float32Array(rows * depth);
    fillNormal(randomKey(3), numbers);
    const levels = Int8Array.from(
      { length: depth * columns },
      (_, i) => (i * 89) % 255 - 127,
    );
    const scales = Float32Array.from({ length: columns }, (_, i) => 1 + i / 8);
    const want: number[] = [];
    for (let i = 0; i < rows; i++) {
      const line = levelsOf([...numbers.subarray(i * depth, (i + 1) * depth)]);
      for (let j = 0; j < columns; j++) {
        const sum = line.levels.reduce(
          (total, level, k) => total + level * levels[k * columns + j]!,
          0,
        );
        want.push(Math.fround(Math.fround(sum * line.scale) * scales[j]!));
      }
    }
    const x = tensor(numbers, { shape: [rows, depth] });
    const values = tensor(levels, { shape: [depth, columns] });
    const weight = { values, scale: tensor(scales), axis: 1 };
    const y = quantizedMatmul(x, weight);
    assertEquals(await y.data(), Float32Array.from(want));
    const turned = {
      values: tensor(await values.transpose().data(), {
        shape: [columns, depth],
      }),
      scale: tensor(scales),
      axis: 0,
    };
    assertEquals(await quantizedMatmul(x, turned).data(), await y.data());
  },
);

Deno.test("quantizedMatmul() is near the product with the weights", async () => {
  const x = randomNormal([32, 256], { key: 1 });
  const weight = randomNormal([256, 64], { key: 2 });
  const [got, want] = [
    await quantizedMatmul(x, quantizeInt8(weight)).data(),
    await x.matmul(weight).data(),
  ];
  let [error, size] = [0, 0];
  want.forEach((value, i) => {
    error += (got[i]! - value) ** 2;
    size += value ** 2;
  });
  const relative = Math.sqrt(error / size);
  assert(relative < 0.015, `${relative}`);
  // Two roundings to 254 levels cannot be much better than this either.
  assert(relative > 0.001, `${relative}`);
});

Deno.test("quantizedMatmul() agrees with the reference backend", async () => {
  const x = randomNormal([2, 3, 40], { key: 1 });
  const { values, scale } = quantizeInt8(randomNormal([40, 20], { key: 2 }));
  const results: Float32Array[] = [];
  for (const name of ["reference", "wasm"] as const) {
    await using backend = createBackend(name);
    const y = quantizedMatmul(x, { values, scale, axis: 1 });
    assertEquals(y.shape, [2, 3, 20]);
    await realizeOn([y], { backend });
    results.push(Float32Array.from(await y.data()));
    y.dispose();
  }
  assertClose(results[1]!, results[0]!, { tolerance: 1e-5 });
});

Deno.test("quantizedMatmul() takes vectors, zeros, and nothing at all", async () => {
  const weight = quantizeInt8(tensor([[1, 2], [3, -4]]));
  const y = quantizedMatmul(tensor([1, 1]), weight);
  assertEquals(y.shape, [2]);
  assertClose(await y.data(), [4, -2], { tolerance: 0.02 });
  const none = quantizedMatmul(zeros([3, 2]), weight);
  assertEquals([...await none.data()], [0, 0, 0, 0, 0, 0]);
  const deep = quantizedMatmul(zeros([2, 0]), quantizeInt8(zeros([0, 3])));
  assertEquals([...await deep.data()], [0, 0, 0, 0, 0, 0]);
});

Deno.test("quantizedMatmul() gives NaN for rows that are not finite, and only for them", async () => {
  const x = tensor([[1, NaN], [Infinity, 1], [1, 1]]);
  const [a, b, c] = await quantizedMatmul(x, quantizeInt8(tensor([[1], [1]])))
    .data();
  assertEquals([a, b], [NaN, NaN]);
  assertClose([c!], [2], { tolerance: 0.02 });
});

Deno.test("quantizedMatmul() keeps half types", async () => {
  const x = randomNormal([4, 32], { key: 1 }).cast("bfloat16");
  const weight = quantizeInt8(
    randomNormal([32, 8], { key: 2 }).cast("float16"),
  );
  const y = quantizedMatmul(x, weight);
  assertEquals(y.dtype, "bfloat16");
  const wide = quantizedMatmul(x.cast("float32"), weight);
  assertClose(await y.data(), await wide.data(), { tolerance: 2 ** -8 });
});

Deno.test("gradients() of quantizedMatmul() are those of the weights that are meant", async () => {
  const x = randomNormal([3, 5], { key: 1 });
  const values = tensor(Int8Array.from({ length: 10 }, (_, i) => 12 * i - 50), {
    shape: [5, 2],
  });
  const scale = tensor([0.5, 0.25]);
  const pull = randomNormal([3, 2], { key: 2 });
  const y = quantizedMatmul(x, { values, scale, axis: 1 });
  const [dx, ds] = gradients(y.mul(pull).sum(), [x, scale]);
  const meant = x.matmul(values.cast("float32").mul(scale)).mul(pull).sum();
  const [wantX, wantScale] = gradients(meant, [x, scale]);
  assertClose(await dx!.data(), await wantX!.data(), { tolerance: 1e-5 });
  assertClose(await ds!.data(), await wantScale!.data(), { tolerance: 0.02 });
});

Deno.test("quantizeInt8() and quantizedMatmul() refuse what does not fit", () => {
  const matrix = tensor([[1, 2], [3, 4]]);
  const weight = quantizeInt8(matrix);
  assertThrows(() => quantizeInt8(tensor([1, 2])), ShapeError, "two axes");
  assertThrows(() => quantizeInt8(matrix, { axis: 2 }), ShapeError, "axis 2");
  assertThrows(
    () => quantizeInt8(matrix.cast("int32")),
    DTypeError,
    'Cannot apply quantizeInt8 to "int32"',
  );
  assertThrows(
    () => quantizedMatmul(tensor([1, 2, 3]), weight),
    ShapeError,
    "columns of the left must equal rows of the right",
  );
  assertThrows(
    () => quantizedMatmul(matrix.cast("int32"), weight),
    DTypeError,
    'Cannot apply quantizedMatmul to "int32"',
  );
  assertThrows(
    () => quantizedMatmul(matrix, { ...weight, values: matrix }),
    DTypeError,
    'the dtype must be "int8"',
  );
  assertThrows(
    () => quantizedMatmul(matrix, { ...weight, scale: tensor([1, 2, 3]) }),
    ShapeError,
    "a scale for each column",
  );
  assertThrows(
    () => quantizedMatmul(matrix, { ...weight, axis: 2 }),
    OptionError,
    "it must be 0 or 1",
  );
  assertThrows(() => quantizedMatmul(tensor(1), weight), ShapeError);
  assertThrows(
    () =>
      quantizedMatmul(zeros([1, 133145]), {
        values: zeros([133145, 1], { dtype: "int8" }),
        scale: tensor([1]),
        axis: 1,
      }),
    ShapeError,
    "at most 133144",
  );
});
