import { assertEquals, assertThrows } from "@std/assert";
import {
  type DType,
  DTypeError,
  ShapeError,
  sizeOf,
} from "../../core/base/mod.ts";
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
import {
  add,
  binary,
  BINARY_OPERATORS,
  type BinaryName,
  div,
  mul,
  sub,
} from "./binary.ts";

function compute(name: BinaryName, a: Tensor, b: Tensor): Tensor {
  return new Tensor(binary(name, [a.node, b.node]));
}

const LOGICAL: readonly BinaryName[] = ["and", "or"];
const COMPARISONS: readonly BinaryName[] = ["equal", "less", "lessOrEqual"];
// Held in ops/functions/bits_test.ts.
const BITS = (Object.keys(BINARY_OPERATORS) as BinaryName[])
  .filter((name) => name.startsWith("bitwise"));
/** Whole numbers over 0 are not what fractions are. */
const QUOTIENTS: readonly BinaryName[] = ["floorDivide", "remainder"];
const ARITHMETIC = (Object.keys(BINARY_OPERATORS) as BinaryName[])
  .filter((name) => ![...LOGICAL, ...COMPARISONS, ...BITS].includes(name));

// Expected values: worked by hand; special values by IEEE 754-2019.
Deno.test.each<{ name: BinaryName; a: number[]; b: number[]; want: number[] }>([
  {
    name: "add",
    a: [1, -2, Infinity],
    b: [2, 5, -Infinity],
    want: [3, 3, NaN],
  },
  { name: "sub", a: [1, -2, 0], b: [2, 5, -1], want: [-1, -7, 1] },
  { name: "mul", a: [3, -2, 0], b: [2, 5, Infinity], want: [6, -10, NaN] },
  { name: "div", a: [3, -2, 0], b: [2, 0, 0], want: [1.5, -Infinity, NaN] },
  {
    name: "pow",
    a: [2, 4, 0, -1],
    b: [10, -0.5, 0, 0.5],
    want: [1024, 0.5, 1, NaN],
  },
  { name: "maximum", a: [1, -2, NaN], b: [2, -5, 1], want: [2, -2, NaN] },
  { name: "minimum", a: [1, -2, 1], b: [2, -5, NaN], want: [1, -5, NaN] },
  { name: "equal", a: [1, 2, NaN], b: [1, 3, NaN], want: [1, 0, 0] },
  { name: "less", a: [1, 2, NaN, 3], b: [1, 3, 1, 2], want: [0, 1, 0, 0] },
  {
    name: "lessOrEqual",
    a: [1, 2, 1, 3],
    b: [1, 3, NaN, 2],
    want: [1, 1, 0, 0],
  },
])("binary() $name of known values", async ({ name, a, b, want }) => {
  const y = compute(name, tensor(a), tensor(b));
  assertEquals(y.dtype, COMPARISONS.includes(name) ? "bool" : "float32");
  const options = { tolerance: 1e-12, equalNaN: true };
  assertClose(await computeElements(y), want, options);
});

Deno.test.each<{ name: BinaryName; want: number[] }>([
  { name: "and", want: [0, 0, 0, 1] },
  { name: "or", want: [0, 1, 1, 1] },
])("binary() $name of all truth values", async ({ name, want }) => {
  const a = tensor([false, false, true, true]);
  const b = tensor([false, true, false, true]);
  const y = compute(name, a, b);
  assertEquals(y.dtype, "bool");
  assertEquals([...await computeElements(y)], want);
});

Deno.test.each([
  { left: [], right: [] },
  { left: [3], right: [] },
  { left: [2, 3], right: [3] },
  { left: [2, 1, 3], right: [4, 1] },
  { left: [0], right: [1] },
  { left: [3, 0, 2], right: [3, 1, 1] },
])(
  "binary() broadcasts [$left] with [$right] as its definition does",
  async (row) => {
    const seed = 31;
    const a = tensor(randomArray(sizeOf(row.left), seed), { shape: row.left });
    const b = tensor(randomArray(sizeOf(row.right), 32), { shape: row.right });
    for (const name of [...ARITHMETIC, ...COMPARISONS]) {
      for (const y of [compute(name, a, b), compute(name, b, a)]) {
        const [want] = await evaluateTensors([y]);
        const options = { tolerance: 1e-12, seed, equalNaN: true };
        assertClose(await computeElements(y), want!.elements, options);
      }
    }
  },
);

const DTYPES: readonly DType[] = ["bool", "int32", "float32"];

/** The dtype of a result, for each pair of dtypes in the order of `DTYPES`. */
const PROMOTION: Readonly<Record<string, readonly DType[][]>> = {
  number: [
    ["int32", "int32", "float32"],
    ["int32", "int32", "float32"],
    ["float32", "float32", "float32"],
  ],
  fraction: DTYPES.map(() => ["float32", "float32", "float32"]),
  truth: DTYPES.map(() => ["bool", "bool", "bool"]),
};

Deno.test.each(
  [...ARITHMETIC, ...COMPARISONS].filter((name) => !QUOTIENTS.includes(name))
    .map((name) => ({
      name,
      row: COMPARISONS.includes(name)
        ? "truth"
        : ["div", "pow"].includes(name)
        ? "fraction"
        : "number",
    })),
)("binary() $name of two dtypes gives a $row", async ({ name, row }) => {
  for (const [i, left] of DTYPES.entries()) {
    for (const [j, right] of DTYPES.entries()) {
      const a = tensor([1, 0, 1], { dtype: left });
      const b = tensor([1, 1, 0], { dtype: right });
      const y = compute(name, a, b);
      assertEquals(y.dtype, PROMOTION[row]![i]![j], `${left} with ${right}`);
      // Numbers mean the same in each dtype.
      const same = compute(name, a.cast("float32"), b.cast("float32"));
      assertEquals(await computeElements(y), await computeElements(same));
    }
  }
});

Deno.test.each(LOGICAL.map((name) => ({ name })))(
  "binary() $name takes truth values only",
  ({ name }) => {
    for (const dtype of ["int32", "float32"] as const) {
      const error = assertThrows(
        () => compute(name, tensor([true]), tensor([1], { dtype })),
        DTypeError,
        `Cannot apply ${name} to "${dtype}": the dtype must be "bool"`,
      );
      assertEquals(error.code, "DTYPE_MISMATCH");
    }
  },
);

Deno.test.each(Object.keys(BINARY_OPERATORS).map((name) => ({ name })))(
  "binary() $name rejects shapes that do not broadcast",
  ({ name }) => {
    const operator = name as BinaryName;
    const dtype = LOGICAL.includes(operator)
      ? "bool"
      : BITS.includes(operator)
      ? "int32"
      : "float32";
    const [a, b] = [[1, 0], [1, 0, 1]].map((data) => tensor(data, { dtype }));
    const error = assertThrows(
      () => compute(operator, a!, b!),
      ShapeError,
      `Cannot apply ${name} to shapes [2] and [3]: sizes must be equal or 1 at axis -1`,
    );
    assertEquals(error.code, "SHAPE_MISMATCH");
  },
);

Deno.test("binary() wraps whole numbers around at 32 bits", async () => {
  const big = tensor([2 ** 31 - 1, -(2 ** 31), 123456789], { dtype: "int32" });
  const wanted: readonly (readonly [BinaryName, number[]])[] = [
    ["add", [-2, 0, 246913578]],
    ["sub", [0, 0, 0]],
    // 123456789² = 15241578750190521, modulo 2^32, signed.
    ["mul", [1, 0, Number(BigInt.asIntN(32, 123456789n ** 2n))]],
  ];
  for (const [name, want] of wanted) {
    assertEquals([...await computeElements(compute(name, big, big))], want);
  }
});

Deno.test("binary() compares whole numbers that float32 cannot tell apart", async () => {
  const a = tensor([2 ** 24 + 1], { dtype: "int32" });
  const b = tensor([2 ** 24], { dtype: "int32" });
  assertEquals([...await computeElements(compute("equal", a, b))], [0]);
  assertEquals([...await computeElements(compute("less", b, a))], [1]);
});

Deno.test("add(), sub(), mul() and div() are those operators", () => {
  const [a, b] = [tensor([1]).node, tensor([2]).node];
  for (const [name, fn] of Object.entries({ add, div, mul, sub })) {
    const node = fn(a, b);
    assertEquals(node.kind === "apply" && node.operator.name, name);
    assertEquals(node.kind === "apply" && node.inputs, [a, b]);
  }
});

Deno.test.each(ARITHMETIC.map((name) => ({ name })))(
  "binary() $name has the gradients of central differences",
  async ({ name }) => {
    const shapes = [[[3], [3]], [[2, 3], [3]], [[2, 1], [1, 3]], [[2], []]];
    for (const [i, [left, right]] of shapes.entries()) {
      // Bases above 0, and no two elements near each other, where maximum has its corner.
      const a = tensor(randomArray(sizeOf(left!), i, { min: 0.5, max: 2 }), {
        shape: left!,
      });
      const b = tensor(randomArray(sizeOf(right!), i, { min: 2.1, max: 3 }), {
        shape: right!,
      });
      await assertGradients((a, b) => compute(name, a!, b!), [a, b], {
        seed: i,
      });
      await assertGradients((a, b) => compute(name, b!, a!), [a, b], {
        seed: i,
      });
    }
  },
);

// The subgradients that PyTorch takes.
Deno.test.each<{ name: BinaryName; at: [number, number]; want: number[] }>([
  { name: "maximum", at: [3, 3], want: [0.5, 0.5] },
  { name: "minimum", at: [3, 3], want: [0.5, 0.5] },
  { name: "pow", at: [0, 2], want: [0, 0] },
  { name: "pow", at: [0, 1], want: [1, 0] },
  { name: "pow", at: [0, 0], want: [0, 0] },
  { name: "pow", at: [-2, 3], want: [12, NaN] },
  { name: "pow", at: [-2, 0], want: [0, NaN] },
  { name: "div", at: [1, 0], want: [Infinity, -Infinity] },
])(
  "binary() $name has known gradients at ($at)",
  async ({ name, at, want }) => {
    const [a, b] = [tensor(at[0]), tensor(at[1])];
    const slopes = gradients(compute(name, a, b), [a, b]);
    const got = await Promise.all(
      slopes.map((slope) => computeElements(slope)),
    );
    assertEquals(got.map(([slope]) => slope), want);
  },
);

Deno.test("binary() adds up the gradients of both inputs where they are one", async () => {
  const x = tensor([3, -2]);
  const [slope] = gradients(compute("mul", x, x).sum(), [x]);
  assertEquals([...await computeElements(slope!)], [6, -4]);
});

Deno.test.each(["div", "mul", "pow"].map((name) => ({ name })))(
  "binary() $name has the second derivatives of central differences",
  async ({ name }) => {
    const inputs = [tensor([0.5, 1.5]), tensor([1.2, 2.3])];
    for (const i of [0, 1]) {
      await assertGradients((a, b) => {
        const y = compute(name as BinaryName, a!, b!).sum();
        return gradients(y, [a!, b!])[i]!;
      }, inputs);
    }
  },
);

Deno.test("binary() comparisons stop gradients without an error", async () => {
  const x = tensor([1, 2]);
  const y = x.less(1.5).cast("float32").mul(x).sum();
  const [slope] = gradients(y, [x]);
  assertEquals([...await computeElements(slope!)], [1, 0]);
});
