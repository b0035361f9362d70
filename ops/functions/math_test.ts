// Oracle: Math.* in float64, and closed forms where Math has no such function.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { UnaryFunction } from "./call.ts";
import * as math from "./math.ts";

interface Row {
  readonly name: keyof typeof math;
  readonly of: (x: number) => number;
  /** Where it is defined and smooth. */
  readonly points: readonly number[];
  /** Where its derivatives are taken, if not at all points: away from its ends. */
  readonly smooth?: readonly number[];
  /** Where it ends, or is not smooth. */
  readonly ends?: readonly number[];
  /** The bound in `float64`, relative; 1e-12 if left out. */
  readonly tolerance?: number;
  /** The bound in `float32`, in units in the last place; 4 if left out. */
  readonly ulpMax?: number;
}

/** By halving: where the integral of exp(-t²), summed by Simpson's rule, comes to x. */
function inverseOfErf(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > 1) return NaN;
  if (Math.abs(x) === 1) return x * Infinity;
  let [low, high] = [0, 6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (erfOf(middle) < Math.abs(x)) low = middle;
    else high = middle;
  }
  return Math.sign(x) * low;
}

/** By the continued fraction of Lentz beyond 1, where it converges quickly. */
function complementOfErf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 1) return 1 - Math.sign(x) * erfOf(Math.min(6, Math.abs(x)));
  let fraction = 0;
  for (let n = 200; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

function erfOf(x: number): number {
  const steps = 2000;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((x * i / steps) ** 2));
  }
  return 2 / Math.sqrt(Math.PI) * sum * x / steps / 3;
}

const ROWS: readonly Row[] = [
  {
    name: "acos",
    of: Math.acos,
    points: [-0.99, -0.4, 0, 1e-5, 0.7],
    ends: [-1, 1, 1.5],
  },
  {
    name: "acosh",
    of: Math.acosh,
    points: [1.001, 2, 30, 1e12],
    smooth: [1.4, 2, 30],
    ends: [1, 0],
  },
  {
    name: "asin",
    of: Math.asin,
    points: [-0.99, -1e-6, 0, 0.4],
    ends: [-1, 1, -2],
  },
  {
    name: "asinh",
    of: Math.asinh,
    points: [-40, -1e-6, 0, 0.3, 2],
    ends: [-1e30, 1e38, Infinity],
  },
  { name: "atan", of: Math.atan, points: [-9, -0.3, 0, 1e-8, 1, 50] },
  {
    name: "atanh",
    of: Math.atanh,
    points: [-0.99, -1e-6, 0, 0.4],
    ends: [-1, 1, 1.5],
  },
  {
    name: "cbrt",
    of: Math.cbrt,
    points: [-27, -0.1, 1e-3, 8],
    smooth: [-27, 0.3, 8],
    ends: [0, 1e-30, 3e38, -Infinity],
  },
  {
    name: "cosh",
    of: Math.cosh,
    points: [-9, -1e-4, 0, 0.4, 3],
    ends: [89, -89, 200, -200],
    ulpMax: 6,
  },
  {
    name: "erfc",
    of: complementOfErf,
    points: [-3, -0.4, 0, 0.3, 0.7, 2, 4],
    ends: [-Infinity, 0.5, 8, 9, 40, Infinity],
    tolerance: 1e-8,
    ulpMax: 8,
  },
  {
    name: "erfinv",
    of: inverseOfErf,
    points: [-0.99, -0.5, -1e-6, 0, 0.3, 0.9],
    ends: [-1, 1, 1.5, 1 - 2 ** -24],
    tolerance: 1e-7,
  },
  {
    name: "exp2",
    of: (x) => 2 ** x,
    points: [-20, -0.4, 0, 0.5, 10],
    ends: [-200, 200],
  },
  { name: "expm1", of: Math.expm1, points: [-9, -1e-9, 0, 0.3, 4] },
  {
    name: "frac",
    of: (x) => x - Math.trunc(x),
    points: [-2.25, -0.5, 0.75, 3.5],
    ends: [-2, 0, 7],
  },
  {
    name: "log10",
    of: Math.log10,
    points: [1e-3, 1, 20],
    smooth: [0.3, 1, 20],
    ends: [0, -1],
  },
  { name: "log1p", of: Math.log1p, points: [-0.5, 1e-9, 0, 3], ends: [-1, -2] },
  {
    name: "log2",
    of: Math.log2,
    points: [1e-3, 1, 20],
    smooth: [0.3, 1, 20],
    ends: [0, -1],
  },
  {
    name: "logit",
    of: (x) => Math.log(x) - Math.log1p(-x),
    points: [0.001, 0.3, 0.8],
    smooth: [0.2, 0.3, 0.8],
    ends: [0, 1, -1, 2],
  },
  { name: "reciprocal", of: (x) => 1 / x, points: [-4, 0.1, 3], ends: [0] },
  {
    name: "sinc",
    of: (x) => x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x),
    points: [-2.4, -0.5, 0, 0.1, 1.3],
    ulpMax: 8,
  },
  {
    name: "sinh",
    of: Math.sinh,
    points: [-9, -1e-6, 0, 0.4, 3],
    ends: [89, -89, 200, -200],
    ulpMax: 6,
  },
  { name: "square", of: (x) => x * x, points: [-3, 0, 0.5] },
  { name: "tan", of: Math.tan, points: [-1.2, -1e-6, 0, 0.4, 2], ulpMax: 6 },
  {
    name: "trunc",
    of: Math.trunc,
    points: [-2.25, -0.5, 0.75, 3.5],
    ends: [-2, 0, 7, Infinity],
  },
];

/** What a function gives in `float64`. */
async function compute(
  fn: UnaryFunction,
  x: readonly number[],
): Promise<Float64Array> {
  return await computeElements(fn(tensor(Float64Array.from(x))));
}

Deno.test("math.ts has a row here for each of its functions", () => {
  assertEquals(ROWS.map(({ name }) => name), Object.keys(math).sort());
});

Deno.test.each(ROWS)(
  "$name() has the values of Math in float64",
  async (row) => {
    const { name, of, points, ends = [], tolerance = 1e-12 } = row;
    const x = [...points, ...ends, NaN];
    const options = { tolerance, equalNaN: true };
    assertClose(await compute(math[name], x), x.map(of), options);
  },
);

Deno.test.each(ROWS)(
  "$name() loses no digits in float32, near 0 neither",
  async ({ name, of, points, ends = [], ulpMax = 4 }) => {
    const x = Float32Array.from([...points, ...ends]);
    const got = await math[name](tensor(x)).data();
    x.forEach((each, i) => {
      const want = of(each);
      if (Object.is(got[i], Math.fround(want)) || got[i] === want) return;
      const exponent = Math.floor(Math.log2(Math.abs(want)));
      const unit = 2 ** (Math.max(exponent, -126) - 23);
      const gap = Math.abs(got[i]! - want) / unit;
      assert(
        gap <= ulpMax,
        `${name}(${each}): ${got[i]}, want ${want}: ${gap}`,
      );
    });
  },
);

Deno.test.each(ROWS)(
  "$name() has the first and second derivative of central differences",
  async ({ name, points, smooth = points }) => {
    const x = tensor([...smooth]);
    const fn = math[name];
    await assertGradients((x) => fn(x!), [x]);
    await assertGradients((x) => gradients(fn(x!).sum(), [x!])[0]!, [x], {
      tolerance: 1e-5,
    });
  },
);

Deno.test.each(ROWS)(
  "$name() keeps shapes and dtypes of fractions",
  ({ name }) => {
    const fn = math[name];
    assertEquals(fn(zeros([2, 0, 3])).shape, [2, 0, 3]);
    assertEquals(fn(zeros([], { dtype: "bfloat16" })).dtype, "bfloat16");
    assertEquals(fn(zeros([2], { dtype: "int32" })).dtype, "float32");
    const error = assertThrows(() => fn(1 as never));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
    assert(error.message.includes(name), error.message);
  },
);

Deno.test.each<{ name: keyof typeof math; at: number; want: number }>([
  { name: "asin", at: 1, want: Infinity },
  { name: "acos", at: 1, want: -Infinity },
  { name: "asinh", at: 1e30, want: 1e-30 },
  { name: "cosh", at: 0, want: 0 },
  { name: "sinc", at: 0, want: 0 },
  { name: "sinh", at: 50, want: Math.cosh(50) },
  { name: "trunc", at: 1, want: 0 },
])("$name() has the slope $want at $at", async ({ name, at, want }) => {
  const x = tensor(Float64Array.of(at));
  const [slope] = gradients(math[name](x).sum(), [x]);
  const [got] = await computeElements(slope!);
  assert(got === want || Math.abs(got! / want - 1) < 1e-9, `${got}`);
});
