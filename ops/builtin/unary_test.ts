import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import { Tensor } from "../tensor.ts";
import { unary, UNARY_OPERATORS, type UnaryName } from "./unary.ts";

function compute(name: UnaryName, x: Tensor): Tensor {
  return new Tensor(unary(name, x.node));
}

const NUMBERS: readonly UnaryName[] = ["abs", "neg", "sign"];
const FRACTIONS = (Object.keys(UNARY_OPERATORS) as UnaryName[])
  .filter((name) => !NUMBERS.includes(name) && name !== "not");

// Expected values: closed forms; special values by IEEE 754-2019, §9.2.
Deno.test.each<{ name: UnaryName; x: number[]; want: number[] }>([
  { name: "abs", x: [-2, 0, 3, -Infinity], want: [2, 0, 3, Infinity] },
  {
    name: "atan",
    x: [0, 1, -Math.sqrt(3), Infinity],
    want: [0, Math.PI / 4, -Math.PI / 3, Math.PI / 2],
  },
  { name: "ceil", x: [-1.5, 1.2, 2], want: [-1, 2, 2] },
  { name: "cos", x: [0, Math.PI / 3, Math.PI], want: [1, 1 / 2, -1] },
  { name: "erf", x: [0, 1, -1, 9], want: [0, 0.8427007929, -0.8427007929, 1] },
  { name: "exp", x: [0, Math.LN2, -Infinity], want: [1, 2, 0] },
  { name: "expm1", x: [Math.LN2, 1e-12, -Infinity], want: [1, 1e-12, -1] },
  { name: "floor", x: [-1.5, 1.8, 2], want: [-2, 1, 2] },
  { name: "log", x: [1, Math.E, 0, -1], want: [0, 1, -Infinity, NaN] },
  {
    name: "log1p",
    x: [1, 1e-12, -1, -2],
    want: [Math.LN2, 1e-12, -Infinity, NaN],
  },
  { name: "neg", x: [1, -2, Infinity], want: [-1, 2, -Infinity] },
  {
    name: "round",
    x: [0.5, 1.5, 2.5, -0.5, -1.5, 1.49, -2.51, 2 ** 52 + 1],
    want: [0, 2, 2, 0, -2, 1, -3, 2 ** 52 + 1],
  },
  { name: "rsqrt", x: [4, 1 / 9, 0, -1], want: [1 / 2, 3, Infinity, NaN] },
  {
    name: "sigmoid",
    x: [0, Math.log(3), -Math.log(3), 1000, -1000],
    want: [1 / 2, 3 / 4, 1 / 4, 1, 0],
  },
  { name: "sign", x: [-3, 0, 0.1, Infinity], want: [-1, 0, 1, 1] },
  { name: "sin", x: [0, Math.PI / 6, -Math.PI / 2], want: [0, 1 / 2, -1] },
  { name: "sqrt", x: [0, 2.25, -1], want: [0, 1.5, NaN] },
  { name: "tanh", x: [0, Math.log(2), 50], want: [0, 3 / 5, 1] },
])("unary() $name of known values", async ({ name, x, want }) => {
  const y = compute(name, tensor(Float64Array.from(x)));
  const options = { tolerance: 1e-10, equalNaN: true };
  assertClose(await computeElements(y), want, options);
});

Deno.test.each([...NUMBERS, ...FRACTIONS].map((name) => ({ name })))(
  "unary() $name passes NaN on",
  async ({ name }) => {
    assertEquals(await computeElements(compute(name, tensor(NaN))), NOTHING);
  },
);

const NOTHING = Float64Array.of(NaN);

Deno.test.each([...NUMBERS, ...FRACTIONS].map((name) => ({ name })))(
  "unary() $name agrees with its definition on any shape",
  async ({ name }) => {
    for (const shape of [[], [5], [2, 3, 2], [0], [2, 0]]) {
      const size = shape.reduce((a, b) => a * b, 1);
      const seed = 10 + shape.length;
      const y = compute(name, tensor(randomArray(size, seed), { shape }));
      assertEquals(y.shape, shape);
      const [want] = await evaluateTensors([y]);
      const options = { tolerance: 1e-12, seed, equalNaN: true };
      assertClose(await computeElements(y), want!.elements, options);
    }
  },
);

Deno.test.each(FRACTIONS.map((name) => ({ name })))(
  "unary() $name brings whole numbers and truth values to float32",
  async ({ name }) => {
    const x = [0, 1, 1];
    const want = await computeElements(compute(name, tensor(x)));
    for (const dtype of ["int32", "bool"] as const) {
      const y = compute(name, tensor(x, { dtype }));
      assertEquals(y.dtype, "float32");
      assertEquals(await computeElements(y), want);
    }
  },
);

Deno.test.each<{ name: UnaryName; want: number[] }>([
  { name: "abs", want: [2, 0, 3, -(2 ** 31)] },
  { name: "neg", want: [2, 0, -3, -(2 ** 31)] },
  { name: "sign", want: [-1, 0, 1, -1] },
])(
  "unary() $name keeps int32, whose smallest number has no opposite",
  async (row) => {
    const x = tensor([-2, 0, 3, -(2 ** 31)], { dtype: "int32" });
    const y = compute(row.name, x);
    assertEquals(y.dtype, "int32");
    assertEquals([...await computeElements(y)], row.want);
  },
);

Deno.test.each(NUMBERS.map((name) => ({ name })))(
  "unary() $name rejects truth values",
  ({ name }) => {
    const error = assertThrows(
      () => compute(name, tensor([true])),
      DTypeError,
      `Cannot apply ${name} to "bool": the dtype must be "int8" or "int32" or "float16" or "bfloat16" or "float32"`,
    );
    assertEquals(error.code, "DTYPE_MISMATCH");
  },
);

Deno.test("unary() not turns truth values around, and takes nothing else", async () => {
  const y = compute("not", tensor([true, false]));
  assertEquals(y.dtype, "bool");
  assertEquals([...await computeElements(y)], [0, 1]);
  for (const dtype of ["int32", "float32"] as const) {
    assertThrows(
      () => compute("not", tensor([1], { dtype })),
      DTypeError,
      `Cannot apply not to "${dtype}": the dtype must be "bool"`,
    );
  }
});

/** Points away from corners, and inside each function's domain. */
const POINTS: Readonly<Partial<Record<UnaryName, number[]>>> = {
  log: [0.3, 1, 2.5],
  log1p: [-0.6, 0.3, 2.5],
  rsqrt: [0.3, 1, 2.5],
  sqrt: [0.3, 1, 2.5],
};

Deno.test.each([...NUMBERS, ...FRACTIONS].map((name) => ({ name })))(
  "unary() $name has the gradient of central differences",
  async ({ name }) => {
    const x = tensor(POINTS[name] ?? [-2.3, -0.4, 0.7, 1.6]);
    await assertGradients((x) => compute(name, x!), [x]);
  },
);

Deno.test.each<{ name: UnaryName; at: number; want: number }>([
  { name: "abs", at: 0, want: 0 },
  { name: "sign", at: 0, want: 0 },
  { name: "round", at: 0.5, want: 0 },
  { name: "floor", at: 1, want: 0 },
  { name: "ceil", at: 1, want: 0 },
  { name: "sqrt", at: 0, want: Infinity },
  { name: "log", at: 0, want: Infinity },
])("unary() $name has the slope $want at its corner $at", async (row) => {
  const x = tensor(row.at);
  const [slope] = gradients(compute(row.name, x), [x]);
  assertEquals([...await computeElements(slope!)], [row.want]);
});

Deno.test.each<{ name: UnaryName }>([
  { name: "atan" },
  { name: "cos" },
  { name: "erf" },
  { name: "exp" },
  { name: "expm1" },
  { name: "log" },
  { name: "log1p" },
  { name: "rsqrt" },
  { name: "sigmoid" },
  { name: "sin" },
  { name: "sqrt" },
  { name: "tanh" },
])(
  "unary() $name has the second derivative of central differences",
  async ({ name }) => {
    const x = tensor(POINTS[name] ?? [-1.3, 0.4, 0.7]);
    await assertGradients(
      (x) => gradients(compute(name, x!).sum(), [x!])[0]!,
      [x],
    );
  },
);
