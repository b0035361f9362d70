import { assertEquals, assertThrows } from "@std/assert";
import { type DType, DTypeError, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import { Tensor } from "../tensor.ts";
import {
  reduce,
  REDUCE_OPERATORS,
  type ReduceName,
  resolveAxes,
  sumToKeepDims,
} from "./reduce.ts";

const NAMES = Object.keys(REDUCE_OPERATORS) as ReduceName[];
const LOGICAL: readonly ReduceName[] = ["all", "any"];
const NUMERIC = NAMES.filter((name) => !LOGICAL.includes(name));

function compute(
  name: ReduceName,
  x: Tensor,
  axes: number | number[] | null = null,
  { keepDims = false }: { keepDims?: boolean } = {},
): Tensor {
  return new Tensor(reduce(name, x.node, { axes, keepDims }));
}

// Expected values: worked by hand.
Deno.test.each<{ name: ReduceName; x: number[]; want: number }>([
  { name: "sum", x: [1, -2, 4.5], want: 3.5 },
  { name: "prod", x: [2, -3, 0.5], want: -3 },
  { name: "max", x: [-3, -1, -2], want: -1 },
  { name: "min", x: [3, 1, 2], want: 1 },
  { name: "sum", x: [1, NaN], want: NaN },
  { name: "max", x: [1, NaN, 3], want: NaN },
  { name: "min", x: [NaN, 1], want: NaN },
  { name: "max", x: [-Infinity, -Infinity], want: -Infinity },
])("reduce() $name of known values", async ({ name, x, want }) => {
  assertEquals([...await computeElements(compute(name, tensor(x)))], [want]);
});

Deno.test.each<{ name: ReduceName; dtype: DType; want: number }>([
  { name: "sum", dtype: "float32", want: 0 },
  { name: "sum", dtype: "int32", want: 0 },
  { name: "prod", dtype: "float32", want: 1 },
  { name: "prod", dtype: "bool", want: 1 },
  { name: "max", dtype: "float32", want: -Infinity },
  { name: "max", dtype: "int32", want: -(2 ** 31) },
  { name: "min", dtype: "float32", want: Infinity },
  { name: "min", dtype: "int32", want: 2 ** 31 - 1 },
  { name: "any", dtype: "bool", want: 0 },
  { name: "all", dtype: "bool", want: 1 },
])("reduce() $name of no $dtype is $want", async ({ name, dtype, want }) => {
  const y = compute(name, zeros([2, 0], { dtype }), 1);
  assertEquals([...await computeElements(y)], [want, want]);
});

Deno.test.each<
  { axes: number | number[] | null; lost: number[]; kept: number[] }
>([
  { axes: null, lost: [], kept: [1, 1, 1] },
  { axes: 1, lost: [2, 4], kept: [2, 1, 4] },
  { axes: -1, lost: [2, 3], kept: [2, 3, 1] },
  { axes: [0, 2], lost: [3], kept: [1, 3, 1] },
  { axes: [-1, 0], lost: [3], kept: [1, 3, 1] },
  { axes: [], lost: [2, 3, 4], kept: [2, 3, 4] },
])("reduce() along $axes, as its definition does", async (row) => {
  const seed = 21;
  const x = tensor(randomArray(24, seed), { shape: [2, 3, 4] });
  for (const name of NAMES) {
    const input = LOGICAL.includes(name) ? x.greater(1) : x;
    const lost = compute(name, input, row.axes);
    const kept = compute(name, input, row.axes, { keepDims: true });
    assertEquals(lost.shape, row.lost);
    assertEquals(kept.shape, row.kept);
    const [want] = await evaluateTensors([lost]);
    const options = { tolerance: 1e-12, seed };
    assertClose(await computeElements(lost), want!.elements, options);
    assertClose(await computeElements(kept), want!.elements, options);
  }
});

Deno.test.each<{ name: ReduceName; from: DType; to: DType }>([
  { name: "sum", from: "bool", to: "int32" },
  { name: "sum", from: "int32", to: "int32" },
  { name: "prod", from: "bool", to: "int32" },
  { name: "prod", from: "int32", to: "int32" },
  { name: "max", from: "int32", to: "int32" },
  { name: "min", from: "int32", to: "int32" },
  { name: "any", from: "bool", to: "bool" },
  { name: "all", from: "bool", to: "bool" },
])("reduce() $name of $from gives $to", async ({ name, from, to }) => {
  const y = compute(name, tensor([1, 1, 0, 1], { dtype: from }));
  assertEquals(y.dtype, to);
  const want = { sum: 3, prod: 0, max: 1, min: 0, any: 1, all: 0 }[name];
  assertEquals([...await computeElements(y)], [want]);
});

Deno.test("reduce() wraps whole numbers around at 32 bits", async () => {
  const x = tensor([2 ** 31 - 1, 2 ** 31 - 1, 5], { dtype: "int32" });
  assertEquals([...await computeElements(x.sum())], [3]);
  // (2^31 - 1)² is 1 modulo 2^32.
  assertEquals([...await computeElements(x.prod())], [5]);
});

const NUMBERS = '"int8" or "int32" or "float16" or "bfloat16" or "float32"';

Deno.test.each<{ name: ReduceName; dtype: DType; wanted: string }>([
  { name: "max", dtype: "bool", wanted: NUMBERS },
  { name: "min", dtype: "bool", wanted: NUMBERS },
  { name: "any", dtype: "int32", wanted: '"bool"' },
  { name: "all", dtype: "float32", wanted: '"bool"' },
])("reduce() $name rejects $dtype", ({ name, dtype, wanted }) => {
  const error = assertThrows(
    () => compute(name, tensor([1], { dtype })),
    DTypeError,
    `Cannot apply ${name} to "${dtype}": the dtype must be ${wanted}`,
  );
  assertEquals(error.code, "DTYPE_MISMATCH");
});

Deno.test.each(NUMERIC.map((name) => ({ name })))(
  "reduce() $name rejects axes that there are not, and axes named twice",
  ({ name }) => {
    const x = zeros([2, 3]);
    const outside = assertThrows(
      () => compute(name, x, [0, 2]),
      ShapeError,
      `Cannot apply ${name} at axis 2 of shape [2,3]: the rank is 2`,
    );
    assertEquals(outside.code, "AXIS_RANGE");
    const twice = assertThrows(
      () => compute(name, x, [1, -1]),
      TensorError,
      `Cannot apply ${name} with attribute "axes": found [1,-1], wanted each axis at most once`,
    );
    assertEquals(twice.code, "ATTRIBUTE_INVALID");
    const fraction = assertThrows(() => compute(name, x, 0.5), TensorError);
    assertEquals(fraction.code, "ATTRIBUTE_INVALID");
  },
);

Deno.test("resolveAxes() lists axes from the first, in order", () => {
  assertEquals(resolveAxes("sum", [2, 3, 4], { axes: [-1, 0] }), [0, 2]);
  assertEquals(resolveAxes("sum", [2, 3], { axes: null }), [0, 1]);
  assertEquals(resolveAxes("sum", [2, 3], { axes: -2 }), [0]);
});

Deno.test.each<{ from: number[]; to: number[]; want: number[] }>([
  { from: [2, 3], to: [2, 3], want: [2, 3] },
  { from: [2, 3], to: [3], want: [1, 3] },
  { from: [2, 3], to: [2, 1], want: [2, 1] },
  { from: [2, 3], to: [], want: [1, 1] },
  { from: [2, 1], to: [2, 1], want: [2, 1] },
])("sumToKeepDims() takes [$from] back to [$to]", ({ from, to, want }) => {
  assertEquals(sumToKeepDims(zeros(from).node, to).type.shape, want);
});

Deno.test.each(NUMERIC.map((name) => ({ name })))(
  "reduce() $name has the gradients of central differences",
  async ({ name }) => {
    const x = tensor(randomArray(12, 5), { shape: [2, 3, 2] });
    for (const axes of [null, 1, [0, -1], []]) {
      for (const keepDims of [false, true]) {
        await assertGradients((x) => compute(name, x!, axes, { keepDims }), [
          x,
        ]);
      }
    }
  },
);

Deno.test.each<{ name: ReduceName; x: number[]; want: number[] }>([
  { name: "max", x: [1, 3, 3], want: [0, 1 / 2, 1 / 2] },
  { name: "min", x: [1, 1, 3], want: [1 / 2, 1 / 2, 0] },
  { name: "max", x: [2, 2, 2], want: [1 / 3, 1 / 3, 1 / 3] },
  { name: "prod", x: [2, 3, 4], want: [12, 8, 6] },
  { name: "prod", x: [2, 0, 4], want: [0, 8, 0] },
  { name: "prod", x: [0, 0, 4], want: [0, 0, 0] },
])("reduce() $name has the gradient [$want] at [$x]", async (row) => {
  const x = tensor(row.x);
  const [slope] = gradients(compute(row.name, x), [x]);
  assertClose(await computeElements(slope!), row.want, { tolerance: 1e-12 });
});

Deno.test("reduce() of nothing has an empty gradient", async () => {
  for (const name of NUMERIC) {
    const x = zeros([0, 2]);
    const [slope] = gradients(compute(name, x, 0).sum(), [x]);
    assertEquals(slope!.shape, [0, 2]);
    assertEquals([...await computeElements(slope!)], []);
  }
});

Deno.test.each<{ x: number[] }>([
  { x: [0.5, -1.5, 2] },
  { x: [0.5, 0, 2] },
  { x: [0, 3, 0] },
])(
  "reduce() prod has the second derivatives of central differences at [$x]",
  async ({ x }) => {
    const slope = (x: Tensor) => gradients(x.prod(), [x])[0]!;
    await assertGradients((x) => slope(x!), [tensor(x)]);
  },
);

Deno.test("reduce() prod has the gradient of central differences along any axes", async () => {
  const x = tensor([[[1, -2], [0, 3]], [[0.5, 4], [-1, 2]]]);
  for (const axes of [[0], [0, 2], [2, 1], [0, 1, 2]]) {
    await assertGradients((x) => x!.prod(axes), [x]);
  }
});

// Oracle: the closed form: what is left of the product without two of its factors.
Deno.test.each([
  { x: [0, 2, 3], want: [[0, 3, 2], [3, 0, 0], [2, 0, 0]] },
  { x: [0, 2, 0], want: [[0, 0, 2], [0, 0, 0], [2, 0, 0]] },
  { x: [1, 2, 3], want: [[0, 3, 2], [3, 0, 1], [2, 1, 0]] },
])("reduce() prod at $x has a second derivative", async ({ x, want }) => {
  const at = tensor(x);
  const [slope] = gradients(at.prod(), [at]);
  for (const [i, row] of want.entries()) {
    const [second] = gradients(slope!.slice([[i, i + 1]]).sum(), [at]);
    assertEquals(await second!.array(), row);
  }
});
