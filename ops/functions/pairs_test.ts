// Oracle: Math.* in float64.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { BinaryFunction } from "./call.ts";
import * as pairs from "./pairs.ts";

interface Row {
  readonly name: Exclude<keyof typeof pairs, "lerp">;
  readonly of: (a: number, b: number) => number;
  /** Arguments where it ends, or has no slope. */
  readonly ends: readonly (readonly [number, number])[];
}

const logAddExp = (a: number, b: number) =>
  a === b
    ? a + Math.LN2
    : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

const ROWS: readonly Row[] = [
  {
    name: "atan2",
    of: Math.atan2,
    ends: [[0, 0], [3, 0], [-3, 0], [0, -2], [Infinity, Infinity], [
      -Infinity,
      2,
    ], [1e30, 1e-30]],
  },
  {
    name: "copysign",
    of: (a, b) => Object.is(b, -0) || b < 0 ? -Math.abs(a) : Math.abs(a),
    ends: [[2, 0], [2, -0], [-2, 0], [3, -Infinity], [Infinity, -1]],
  },
  {
    name: "hypot",
    of: Math.hypot,
    ends: [[0, 0], [0, 2], [3e30, 4e30], [1e-30, 1e-30], [Infinity, 1]],
  },
  {
    name: "logAddExp",
    of: logAddExp,
    ends: [[1000, 1001], [-1000, -1000], [-Infinity, -Infinity], [
      -Infinity,
      2,
    ], [Infinity, Infinity]],
  },
  {
    name: "xlogy",
    of: (a, b) => a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b),
    ends: [[0, 0], [0, Infinity], [0, -1], [2, 0]],
  },
];

const POINTS = [[0.5, 1.5], [-0.7, 0.4], [2, 0.1], [-3, 2.5], [0.2, 0.3]];

async function compute(
  fn: BinaryFunction,
  list: readonly (readonly number[])[],
): Promise<Float64Array> {
  const [a, b] = [0, 1].map((i) =>
    tensor(Float64Array.from(list, (pair) => pair[i]!))
  );
  return await computeElements(fn(a!, b!));
}

Deno.test.each(ROWS)(
  "$name() has the values of Math in float64",
  async ({ name, of, ends }) => {
    const list = [...POINTS, ...ends, [NaN, 1], [1, NaN]] as [number, number][];
    const options = { tolerance: 1e-12, equalNaN: true };
    const want = list.map(([a, b]) => of(a, b));
    // The sign of a NaN is nothing to go by.
    if (name === "copysign") want[want.length - 1] = 1;
    assertClose(await compute(pairs[name], list), want, options);
  },
);

Deno.test.each(ROWS)(
  "$name() is as good in float32",
  async ({ name, of, ends }) => {
    const list = [...POINTS, ...ends] as [number, number][];
    const [a, b] = [0, 1].map((i) =>
      Float32Array.from(list, (pair) => pair[i]!)
    ) as [Float32Array, Float32Array];
    const got = await pairs[name](tensor(a), tensor(b)).data();
    assertClose(got, Float64Array.from(a, (x, i) => of(x, b[i]!)), {
      tolerance: 5e-7,
    });
  },
);

Deno.test.each(ROWS)(
  "$name() has the first and second derivative of central differences",
  async ({ name }) => {
    const fn = pairs[name];
    const [a, b] = [0, 1].map((i) =>
      tensor(POINTS.map((pair) => pair[i]!))
    ) as [ReturnType<typeof tensor>, ReturnType<typeof tensor>];
    await assertGradients((a, b) => fn(a!, b!), [a, b]);
    await assertGradients(
      (a, b) => {
        const [left, right] = gradients(fn(a!, b!).sum(), [a!, b!]);
        return left!.add(right!.mul(2));
      },
      [a, b],
      { tolerance: 1e-5 },
    );
  },
);

Deno.test.each(ROWS)(
  "$name() broadcasts, and adapts numbers",
  async ({ name, of }) => {
    const fn = pairs[name];
    assertEquals(fn(zeros([2, 1, 0]), zeros([4, 1])).shape, [2, 4, 0]);
    assertEquals(fn(zeros([2], { dtype: "float16" }), 2).dtype, "float16");
    assertEquals(fn(zeros([2], { dtype: "int32" }), 2).dtype, "float32");
    assertClose(await computeElements(fn(0.5, 2)), [of(0.5, 2)]);
    const error = assertThrows(() => fn(zeros([2]), zeros([3])));
    assert(isCoded(error) && error.code === "SHAPE_MISMATCH");
    assert(error.message.includes(name), error.message);
    const wrong = assertThrows(() => fn(zeros([2]), "1" as never));
    assert(isCoded(wrong) && wrong.code === "INVALID_OPTION");
  },
);

Deno.test.each<{ name: Row["name"]; at: [number, number]; want: number[] }>([
  { name: "atan2", at: [0, 0], want: [0, 0] },
  { name: "hypot", at: [0, 0], want: [0, 0] },
  { name: "hypot", at: [3e30, 4e30], want: [0.6, 0.8] },
  { name: "logAddExp", at: [-Infinity, -Infinity], want: [0.5, 0.5] },
  { name: "logAddExp", at: [1000, -1000], want: [1, 0] },
  { name: "xlogy", at: [0, 0], want: [0, 0] },
])("$name() has finite slopes at $at", async ({ name, at, want }) => {
  const inputs = at.map((each) => tensor(Float64Array.of(each)));
  const slopes = gradients(pairs[name](inputs[0]!, inputs[1]!).sum(), inputs);
  for (const [i, slope] of slopes.entries()) {
    assertClose(await computeElements(slope), [want[i]!], { tolerance: 1e-12 });
  }
});

Deno.test("lerp() goes from one to the other, and comes exactly to its ends", async () => {
  const [a, b] = [tensor([0.1, -3, 1e8]), tensor([0.7, 5, 1])];
  assertEquals(await pairs.lerp(a, b, 0).data(), await a.data());
  assertEquals(await pairs.lerp(a, b, 1).data(), await b.data());
  const weight = tensor([0.25, 0.75, 0.5]);
  const got = await computeElements(pairs.lerp(a, b, weight));
  assertClose(got, [0.25, 3, 50000000.5]);
  await assertGradients(
    (a, b, weight) => pairs.lerp(a!, b!, weight!),
    [tensor([1, 2]), tensor([[3], [4]]), tensor([0.2, 0.9])],
  );
});
