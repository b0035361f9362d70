// Oracle: closed forms over lists, in float64.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import * as statistics from "./statistics.ts";

type Numbers = readonly number[];

const sum = (list: Numbers) => list.reduce((a, b) => a + b, 0);
const mean = (list: Numbers) => sum(list) / list.length;
const inOrder = (list: Numbers) => [...list].sort((a, b) => a - b);

function quantileOf(list: Numbers, q: number): number {
  const ordered = inOrder(list);
  const at = q * (list.length - 1);
  const [low, high] = [ordered[Math.floor(at)]!, ordered[Math.ceil(at)]!];
  return low + (high - low) * (at % 1);
}

interface Row {
  readonly name: string;
  readonly fn: (x: Tensor, axis: number, keepDims: boolean) => Tensor;
  readonly of: (line: Numbers) => number;
  /** Whether it has slopes. */
  readonly isSmooth: boolean;
}

const ROWS: readonly Row[] = [
  {
    name: "countNonzero",
    fn: (x, axis, keepDims) => statistics.countNonzero(x, axis, { keepDims }),
    of: (line) => line.filter((x) => x !== 0).length,
    isSmooth: false,
  },
  {
    name: "median",
    fn: (x, axis, keepDims) => statistics.median(x, axis, { keepDims }),
    of: (line) => inOrder(line)[(line.length - 1) >> 1]!,
    isSmooth: true,
  },
  {
    name: "nanMean",
    fn: (x, axis, keepDims) => statistics.nanMean(x, axis, { keepDims }),
    of: mean,
    isSmooth: true,
  },
  {
    name: "nanSum",
    fn: (x, axis, keepDims) => statistics.nanSum(x, axis, { keepDims }),
    of: sum,
    isSmooth: true,
  },
  ...[0, 1, 2, 2.5, Infinity, -Infinity].map((order): Row => ({
    name: `norm of order ${order}`,
    fn: (x, axis, keepDims) => statistics.norm(x, axis, { keepDims, order }),
    of(line) {
      const sizes = line.map(Math.abs);
      if (order === 0) return sizes.filter((x) => x > 0).length;
      if (order === Infinity) return Math.max(...sizes);
      if (order === -Infinity) return Math.min(...sizes);
      return sum(sizes.map((x) => x ** order)) ** (1 / order);
    },
    isSmooth: order !== 0,
  })),
  ...[0, 0.3, 0.5, 1].map((q): Row => ({
    name: `quantile at ${q}`,
    fn: (x, axis, keepDims) => statistics.quantile(x, q, axis, { keepDims }),
    of: (line) => quantileOf(line, q),
    isSmooth: true,
  })),
  ...[0, 1].map((correction): Row => ({
    name: `std with correction ${correction}`,
    fn: (x, axis, keepDims) =>
      statistics.std(x, axis, { keepDims, correction }),
    of: (line) =>
      Math.sqrt(
        sum(line.map((x) => (x - mean(line)) ** 2)) /
          (line.length - correction),
      ),
    isSmooth: true,
  })),
  {
    name: "Tensor.logSumExp",
    fn: (x, axis, keepDims) => x.logSumExp(axis, { keepDims }),
    of: (line) => Math.log(sum(line.map(Math.exp))),
    isSmooth: true,
  },
];

const LINES = [[0.5, -1.25, 3, 0.75], [2, -0.5, -2.5, 1.5], [
  4,
  -3,
  0.25,
  -0.125,
]];

Deno.test.each(ROWS)(
  "$name has the values of its formula along either axis",
  async ({ fn, of }) => {
    const x = tensor(Float64Array.from(LINES.flat()), { shape: [3, 4] });
    const rows = fn(x, -1, false);
    assertEquals(rows.shape, [3]);
    assertClose(await computeElements(rows), LINES.map(of), {
      tolerance: 1e-12,
    });
    const columns = fn(x, 0, true);
    assertEquals(columns.shape, [1, 4]);
    const want = LINES[0]!.map((_, i) => of(LINES.map((line) => line[i]!)));
    assertClose(await computeElements(columns), want, { tolerance: 1e-12 });
  },
);

Deno.test.each(ROWS.filter(({ isSmooth }) => isSmooth))(
  "$name has the first and second derivative of central differences",
  async ({ fn }) => {
    const x = tensor(LINES.slice(0, 2));
    await assertGradients((x) => fn(x!, -1, false), [x]);
    await assertGradients(
      (x) => gradients(fn(x!, -1, false).sum(), [x!])[0]!,
      [x],
      { tolerance: 1e-5 },
    );
  },
);

Deno.test.each(ROWS)("$name rejects an axis that there is not", ({ fn }) => {
  const error = assertThrows(() => fn(zeros([2, 3]), 2, false));
  assert(isCoded(error) && error.code === "AXIS_RANGE");
});

Deno.test.each<{ name: string; fn: (x: Tensor) => Tensor }>([
  { name: "norm", fn: statistics.norm },
  { name: "norm of order 3", fn: (x) => statistics.norm(x, 0, { order: 3 }) },
  {
    name: "norm of order 0.5",
    fn: (x) => statistics.norm(x, 0, { order: 0.5 }),
  },
  { name: "std", fn: statistics.std },
])("$name() has the slope 0 where it is 0", async ({ fn }) => {
  const x = zeros([3]);
  const [slope] = gradients(fn(x), [x]);
  assertEquals(await slope!.array(), [0, 0, 0]);
  assertEquals(await fn(x).item(), 0);
});

Deno.test("median() and quantile() pass NaN on, of their own line only", async () => {
  const x = tensor([[3, NaN, 1], [3, 2, 1]]);
  assertEquals(await statistics.median(x).array(), [NaN, 2]);
  assertEquals(await statistics.quantile(x, 0).array(), [NaN, 1]);
  assertEquals(await statistics.nanSum(x, 1).array(), [4, 6]);
  assertEquals(await statistics.nanMean(x, 1).array(), [2, 2]);
});

Deno.test("median() keeps whole numbers", async () => {
  const x = tensor([5, -1, 4, 4], { dtype: "int32" });
  const y = statistics.median(x);
  assertEquals(y.dtype, "int32");
  assertEquals(await y.item(), 4);
});

Deno.test("median() and quantile() reject what has no middle", () => {
  for (
    const call of [
      () => statistics.median(zeros([2, 0])),
      () => statistics.quantile(zeros([2, 0]), 0.5),
      () => statistics.quantile(zeros([2]), 1.5),
      () => statistics.quantile(zeros([2]), NaN),
    ]
  ) {
    const error = assertThrows(call);
    assert(isCoded(error) && error.code === "ATTRIBUTE_INVALID", `${error}`);
  }
});

Deno.test("Tensor.logSumExp() neither overflows nor loses infinities", async () => {
  const x = tensor([[1000, 1000], [-1000, -1000], [-Infinity, -Infinity], [
    Infinity,
    0,
  ]]);
  const y = x.logSumExp(1);
  assertEquals(await y.array(), [
    Math.fround(1000 + Math.LN2),
    Math.fround(-1000 + Math.LN2),
    -Infinity,
    Infinity,
  ]);
  assertEquals(await zeros([2, 0]).logSumExp(1).array(), [
    -Infinity,
    -Infinity,
  ]);
  const [slope] = gradients(
    x.slice([[0, 3]]).logSumExp(1).slice([[0, 2]]).sum(),
    [x],
  );
  assertEquals((await slope!.array() as number[][]).slice(0, 2), [[0.5, 0.5], [
    0.5,
    0.5,
  ]]);
});

Deno.test("logCumSumExp() is the running sum of powers, far apart ones too", async () => {
  const line = [-500, 0, 3, -1, 700, 2, -Infinity];
  const x = tensor(Float64Array.from([...line, ...line.toReversed()]), {
    shape: [2, 7],
  });
  const want = [line, line.toReversed()].flatMap((list) => {
    let so = -Infinity;
    return list.map((x) => {
      const [low, high] = inOrder([so, x]) as [number, number];
      so = high === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
      return so;
    });
  });
  const got = await computeElements(statistics.logCumSumExp(x));
  assertClose(got, want, { tolerance: 1e-12 });
  assertEquals(statistics.logCumSumExp(zeros([0, 2]), 0).shape, [0, 2]);
  await assertGradients(
    (x) => statistics.logCumSumExp(x!, 0),
    [tensor([0.5, -1, 2, 0.25, 1])],
  );
});

Deno.test("maxWithIndices() and minWithIndices() name the first extreme", async () => {
  const x = tensor([[1, 5, 5], [7, -2, 0]]);
  const most = statistics.maxWithIndices(x);
  assertEquals(await most.values.array(), [5, 7]);
  assertEquals(await most.indices.array(), [1, 0]);
  const least = statistics.minWithIndices(x, 0, { keepDims: true });
  assertEquals(await least.values.array(), [[1, -2, 0]]);
  assertEquals(await least.indices.array(), [[0, 1, 1]]);
  await assertGradients(
    (x) => statistics.maxWithIndices(x!).values,
    [tensor([[1, 5, 4], [7, -2, 0]])],
  );
});
