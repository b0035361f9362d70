import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type DType,
  OptionError,
  randomKey,
  ShapeError,
  splitKey,
} from "../core/base/mod.ts";
import { assertClose, computeElements } from "../testing/mod.ts";
import {
  arange,
  eye,
  full,
  linspace,
  ones,
  tensor,
  type TensorData,
  zeros,
} from "./create.ts";
import { randomNormal, randomUniform } from "./create_random.ts";
import { TensorError } from "./errors.ts";
import type { Tensor } from "./tensor.ts";

async function listOf(x: Tensor): Promise<number[]> {
  return [...await computeElements(x)];
}

interface Row {
  readonly name: string;
  readonly data: TensorData;
  readonly shape: number[];
  readonly dtype: DType;
  readonly want: number[];
}

Deno.test.each<Row>([
  { name: "a number", data: 2.5, shape: [], dtype: "float32", want: [2.5] },
  { name: "a truth value", data: true, shape: [], dtype: "bool", want: [1] },
  {
    name: "nested lists",
    data: [[[1], [2]], [[3], [4]]],
    shape: [2, 2, 1],
    dtype: "float32",
    want: [1, 2, 3, 4],
  },
  { name: "no elements", data: [], shape: [0], dtype: "float32", want: [] },
  {
    name: "empty lists",
    data: [[], []],
    shape: [2, 0],
    dtype: "float32",
    want: [],
  },
  {
    name: "truth values",
    data: [true, false],
    shape: [2],
    dtype: "bool",
    want: [1, 0],
  },
  {
    name: "truth values among numbers",
    data: [true, 3],
    shape: [2],
    dtype: "float32",
    want: [1, 3],
  },
  {
    name: "a Float32Array",
    data: Float32Array.of(1.5, 2),
    shape: [2],
    dtype: "float32",
    want: [1.5, 2],
  },
  {
    name: "a Float64Array, with all its digits",
    data: Float64Array.of(0.1),
    shape: [1],
    dtype: "float32",
    want: [0.1],
  },
  {
    name: "an Int32Array",
    data: Int32Array.of(-1, 2),
    shape: [2],
    dtype: "int32",
    want: [-1, 2],
  },
  {
    name: "a Uint8Array",
    data: Uint8Array.of(255),
    shape: [1],
    dtype: "int32",
    want: [255],
  },
  {
    name: "a list of typed arrays",
    data: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
    shape: [2, 2],
    dtype: "float32",
    want: [1, 2, 3, 4],
  },
])("tensor() of $name", async ({ data, shape, dtype, want }) => {
  const x = tensor(data);
  assertEquals(x.shape, shape);
  assertEquals(x.dtype, dtype);
  assertEquals(await listOf(x), want);
});

Deno.test.each<{ data: TensorData; dtype: DType; want: number[] }>([
  { data: [0, 2, -0.5], dtype: "bool", want: [0, 1, 1] },
  { data: [NaN], dtype: "bool", want: [1] },
  { data: Uint8Array.of(0, 7), dtype: "bool", want: [0, 1] },
  { data: [1.9, -1.9], dtype: "int32", want: [1, -1] },
  { data: Int32Array.of(3), dtype: "float32", want: [3] },
  { data: [true, false], dtype: "int32", want: [1, 0] },
])("tensor() of $data as $dtype is $want", async ({ data, dtype, want }) => {
  const x = tensor(data, { dtype });
  assertEquals(x.dtype, dtype);
  assertEquals(await listOf(x), want);
});

Deno.test("tensor() takes a shape for flat and for nested data", async () => {
  for (
    const data of [[1, 2, 3, 4], [[1, 2, 3, 4]], Float32Array.of(1, 2, 3, 4)]
  ) {
    const x = tensor(data, { shape: [2, 2] });
    assertEquals(x.shape, [2, 2]);
    assertEquals(await listOf(x), [1, 2, 3, 4]);
  }
  assertEquals(tensor(5, { shape: [1, 1] }).shape, [1, 1]);
});

Deno.test("tensor() copies what it is given", async () => {
  const data = Float32Array.of(1, 2);
  const shape = [2];
  const x = tensor(data, { shape });
  data[0] = 9;
  shape.push(3);
  assertEquals(await listOf(x), [1, 2]);
  assertEquals(x.shape, [2]);
});

Deno.test.each<{ name: string; data: unknown; message: string }>([
  {
    name: "a shorter list",
    data: [[1, 2], [3]],
    message: "found a list of 1 at depth 1, wanted 2 as in its neighbours",
  },
  {
    name: "a longer list after an empty one",
    data: [[], [1]],
    message: "found a list of 1 at depth 1, wanted 0 as in its neighbours",
  },
  {
    name: "a list where a number was",
    data: [1, [2]],
    message:
      "found a list of 1 at depth 1, wanted a number as in its neighbours",
  },
  {
    name: "a number where a list was",
    data: [[1], 2],
    message:
      "found a number at depth 1, wanted numbers or truth values at depth 2",
  },
  {
    name: "text",
    data: ["1"],
    message: "found string, wanted numbers or truth values at depth 1",
  },
  {
    name: "nothing",
    data: [1, undefined],
    message: "found undefined, wanted numbers or truth values at depth 1",
  },
  {
    name: "an object",
    data: {},
    message: "found object, wanted numbers or truth values at depth 0",
  },
])("tensor() rejects $name", ({ data, message }) => {
  const error = assertThrows(
    // What arrives from plain JavaScript has no type.
    () => tensor(data as TensorData),
    TensorError,
    `Cannot make a tensor: ${message}`,
  );
  assertEquals(error.code, "TENSOR_DATA_INVALID");
});

Deno.test.each([{ x: -(2 ** 31) - 1 }, { x: 2 ** 31 }, { x: NaN }, {
  x: -Infinity,
}])(
  "tensor() rejects $x as int32",
  ({ x }) => {
    const error = assertThrows(
      () => tensor([1, x], { dtype: "int32" }),
      TensorError,
      `found ${x}, wanted numbers`,
    );
    assertEquals(error.code, "TENSOR_DATA_INVALID");
  },
);

Deno.test("tensor() rejects a shape of another size, or that is none", () => {
  const error = assertThrows(
    () => tensor([1, 2, 3], { shape: [2, 2] }),
    TensorError,
    "Cannot make a tensor: found 3 elements, wanted 4 for shape [2,2]",
  );
  assertEquals(error.code, "TENSOR_DATA_INVALID");
  assertEquals(error.details, { found: 3, shape: [2, 2] });
  const invalid = assertThrows(
    () => tensor([1], { shape: [-1] }),
    ShapeError,
    "Cannot apply tensor with shape [-1]",
  );
  assertEquals(invalid.code, "SHAPE_INVALID");
});

Deno.test("full(), zeros() and ones() hold one number everywhere", async () => {
  assertEquals(await listOf(full([2, 2], 7)), [7, 7, 7, 7]);
  assertEquals(await listOf(zeros([3])), [0, 0, 0]);
  assertEquals(await listOf(ones([])), [1]);
  assertEquals(await listOf(ones([2, 0])), []);
  assertEquals(await listOf(full([1], NaN)), [NaN]);
  assertEquals(ones([2]).dtype, "float32");
  for (const dtype of ["int32", "bool"] as const) {
    assertEquals(ones([2], { dtype }).dtype, dtype);
    assertEquals(await listOf(ones([2], { dtype })), [1, 1]);
  }
});

Deno.test("full() copies the shape", () => {
  const shape = [2];
  const x = full(shape, 1);
  shape.push(3);
  assertEquals(x.shape, [2]);
});

Deno.test.each<{ value: number; dtype: DType; wanted: string }>([
  {
    value: 0.5,
    dtype: "int32",
    wanted: 'a whole number of 32 bits for "int32"',
  },
  { value: 2 ** 31, dtype: "int32", wanted: "a whole number of 32 bits" },
  { value: NaN, dtype: "int32", wanted: "a whole number of 32 bits" },
  { value: 2, dtype: "bool", wanted: '0 or 1 for "bool"' },
  { value: 0.5, dtype: "bool", wanted: '0 or 1 for "bool"' },
])("full() rejects $value as $dtype", ({ value, dtype, wanted }) => {
  const error = assertThrows(
    () => full([1], value, { dtype }),
    OptionError,
    `Cannot use ${value} as full value: it must be ${wanted}`,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("full() takes the ends of int32, and rejects a shape that is none", async () => {
  for (const value of [2 ** 31 - 1, -(2 ** 31)]) {
    const x = full([1], value, { dtype: "int32" });
    assertEquals(await listOf(x), [value]);
  }
  const error = assertThrows(() => zeros([1.5]), ShapeError);
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test.each<{
  start: number;
  stop: number;
  step?: number;
  dtype?: DType;
  want: number[];
}>([
  { start: 0, stop: 3, want: [0, 1, 2] },
  { start: 2, stop: 5, dtype: "int32", want: [2, 3, 4] },
  { start: 1, stop: 2, step: 0.25, want: [1, 1.25, 1.5, 1.75] },
  { start: 3, stop: 0, step: -1, want: [3, 2, 1] },
  { start: 0, stop: 1, step: 0.4, want: [0, 0.4, 0.8] },
  { start: 3, stop: 3, want: [] },
  { start: 3, stop: 0, want: [] },
  { start: 0, stop: 2, step: 0.5, dtype: "int32", want: [0, 0, 1, 1] },
  { start: 0, stop: 3, dtype: "bool", want: [0, 1, 1] },
  {
    start: 2 ** 24,
    stop: 2 ** 24 + 2,
    dtype: "int32",
    want: [2 ** 24, 2 ** 24 + 1],
  },
])("arange() from $start to $stop is [$want]", async (row) => {
  const { start, stop, want, ...options } = row;
  const x = arange(start, stop, options);
  assertEquals(x.dtype, row.dtype ?? "float32");
  assertClose(await listOf(x), want, { tolerance: 1e-15 });
});

Deno.test.each<{ start: number; stop: number; step: number; shown: string }>([
  { start: 0, stop: 1, step: 0, shown: "0 as arange step" },
  { start: 0, stop: 1, step: NaN, shown: "NaN as arange step" },
  { start: 0, stop: 1, step: Infinity, shown: "Infinity as arange step" },
  { start: 0, stop: Infinity, step: 1, shown: "[0,Infinity] as arange range" },
  {
    start: 0,
    stop: -Infinity,
    step: 1,
    shown: "[0,-Infinity] as arange range",
  },
  { start: Infinity, stop: 0, step: 1, shown: "[Infinity,0] as arange range" },
  { start: NaN, stop: 0, step: 1, shown: "[NaN,0] as arange range" },
])("arange() rejects $shown", ({ start, stop, step, shown }) => {
  const error = assertThrows(
    () => arange(start, stop, { step }),
    OptionError,
    `Cannot use ${shown}`,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("arange() rejects more numbers than a tensor has", () => {
  const error = assertThrows(() => arange(0, 2 ** 31), ShapeError);
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test("linspace() begins and ends where it is told to", async () => {
  assertEquals(await listOf(linspace(0, 1, 5)), [0, 0.25, 0.5, 0.75, 1]);
  assertEquals(await listOf(linspace(3, -1, 2)), [3, -1]);
  for (const [start, stop] of [[0.1, 0.7], [-1e8, 1e-3], [5, 5]]) {
    // 49 times 1/49 is less than 1.
    const found = await listOf(linspace(start!, stop!, 50));
    assertEquals(found.at(0), start);
    assertEquals(found.at(-1), stop);
  }
});

Deno.test.each<{ start: number; stop: number; count: number }>([
  { start: 0, stop: 1, count: 1 },
  { start: 0, stop: 1, count: 2.5 },
  { start: 0, stop: Infinity, count: 3 },
  { start: NaN, stop: 1, count: 3 },
])("linspace() rejects $count numbers from $start to $stop", (row) => {
  const error = assertThrows(
    () => linspace(row.start, row.stop, row.count),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("eye() has ones on the diagonal", async () => {
  assertEquals(await listOf(eye(3)), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  assertEquals(eye(3).shape, [3, 3]);
  assertEquals(eye(2, { dtype: "bool" }).dtype, "bool");
  assertEquals(await listOf(eye(0)), []);
});

Deno.test("randomUniform() and randomNormal() depend on their key only", async () => {
  for (const draw of [randomUniform, randomNormal]) {
    const [a, b] = [draw([2, 3], { key: 7 }), draw([2, 3], { key: [7, 0] })];
    assertEquals(await listOf(a), await listOf(b));
    assertEquals(a.shape, [2, 3]);
    const other = draw([2, 3], { key: splitKey(randomKey(7), 0) });
    assert(`${await listOf(other)}` !== `${await listOf(a)}`);
  }
});

Deno.test("randomUniform() and randomNormal() have their distribution", async () => {
  const uniform = randomUniform([10_000], { key: 1 });
  const normal = randomNormal([10_000], { key: 1 });
  const found = [
    uniform.mean(),
    uniform.min(),
    normal.mean(),
    normal.mul(normal).mean(),
  ];
  const [mean, min, center, variance] = await Promise.all(found.map(listOf));
  // Within five standard errors.
  assertClose(mean!, [0.5], { tolerance: 5 * Math.sqrt(1 / 12) / 100 });
  assert(min![0]! >= 0);
  assertClose(center!, [0], { tolerance: 5 / 100 });
  assertClose(variance!, [1], { tolerance: 5 * Math.sqrt(2) / 100 });
});

Deno.test("randomUniform() rejects a seed that is none", () => {
  const error = assertThrows(
    () => randomUniform([2], { key: -1 }),
    OptionError,
    "Cannot use -1 as seed",
  );
  assertEquals(error.code, "INVALID_OPTION");
});
