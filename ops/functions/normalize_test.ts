// Oracle: formulas over lists in float64; PyTorch's values are held in tests/goldens.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import * as normalized from "./normalize.ts";

function numbers(shape: readonly number[], seed = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(randomArray(size, seed), { shape });
}

/** Mean 0 and variance 1, of a list. */
function standard(list: readonly number[], epsilon: number): number[] {
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const spread = list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length;
  return list.map((x) => (x - mean) / Math.sqrt(spread + epsilon));
}

/** Applies a rule to each group of equal numbers, and puts the results back. */
function byGroup(
  list: ArrayLike<number>,
  groupOf: (place: number) => number,
): number[] {
  const elements = Array.from(list);
  const groups = elements.map((_, i) => groupOf(i));
  const y = new Array<number>(elements.length);
  for (const group of new Set(groups)) {
    const places = [...elements.keys()].filter((i) => groups[i] === group);
    standard(places.map((i) => elements[i]!), 0.1)
      .forEach((value, k) => y[places[k]!] = value);
  }
  return y;
}

// Places of [2, 4, 3]: example, channel, pixel.
Deno.test.each<{
  name: string;
  fn: (x: Tensor) => Tensor;
  groupOf: (place: number) => number;
}>([
  {
    name: "batchNorm",
    fn: (x) => normalized.batchNorm(x, { epsilon: 0.1 }),
    groupOf: (place) => Math.floor(place / 3) % 4,
  },
  {
    name: "groupNorm",
    fn: (x) => normalized.groupNorm(x, 2, { epsilon: 0.1 }),
    groupOf: (place) => Math.floor(place / 6),
  },
  {
    name: "instanceNorm",
    fn: (x) => normalized.instanceNorm(x, { epsilon: 0.1 }),
    groupOf: (place) => Math.floor(place / 3),
  },
])(
  "$name() brings its elements to mean 0 and variance 1",
  async ({ fn, groupOf }) => {
    const x = numbers([2, 4, 3]);
    const got = await computeElements(fn(x));
    assertClose(got, byGroup(await computeElements(x), groupOf));
    await assertGradients((x) => fn(x!), [x]);
  },
);

Deno.test("batchNorm() takes statistics, weights and biases for each channel", async () => {
  const x = tensor([[[1, 2], [3, 4]]]);
  const channels = [[1, 3], [4, 9], [2, 3], [10, 20]].map((list) =>
    tensor(list)
  );
  const call = ([x, mean, variance, weight, bias]: readonly Tensor[]) =>
    normalized.batchNorm(x!, {
      mean: mean!,
      variance: variance!,
      weight: weight!,
      bias: bias!,
      epsilon: 0,
    });
  const y = call([x, ...channels]);
  assertClose(await computeElements(y), [10, 11, 20, 21]);
  await assertGradients((...inputs) => call(inputs), [x, ...channels]);
});

Deno.test("Tensor.rmsNorm() divides by the root of the mean square", async () => {
  const x = tensor([[3, 4], [0, 0]]);
  const y = await computeElements(x.rmsNorm(-1, { epsilon: 0.5 }));
  const root = Math.sqrt(12.5 + 0.5);
  assertClose(y, [3 / root, 4 / root, 0, 0]);
  await assertGradients((x) => x!.rmsNorm([0, 1]), [numbers([2, 3])]);
});

Deno.test("normalize() makes vectors of size 1, and leaves zeros", async () => {
  const x = tensor([[3, -4], [0, 0]]);
  assertClose(await computeElements(normalized.normalize(x)), [
    0.6,
    -0.8,
    0,
    0,
  ]);
  const sums = normalized.normalize(x, 1, { order: 1 });
  assertClose(await computeElements(sums), [3 / 7, -4 / 7, 0, 0]);
  const [slope] = gradients(normalized.normalize(x).sum(), [x]);
  assert((await computeElements(slope!)).every(Number.isFinite));
});

Deno.test("cosineSimilarity() compares directions, along any axis", async () => {
  const [a, b] = [tensor([[1, 0], [1, 1], [0, 0]]), tensor([[2, 2]])];
  const want = [Math.SQRT1_2, 1, 0];
  const rows = normalized.cosineSimilarity(a, b);
  assertClose(await computeElements(rows), want);
  const columns = normalized.cosineSimilarity(a.transpose(), b.transpose(), {
    axis: 0,
  });
  assertClose(await computeElements(columns), want);
  await assertGradients(
    (a, b) => normalized.cosineSimilarity(a!, b!),
    [numbers([2, 3], 2), numbers([1, 3], 3)],
  );
});

Deno.test.each([1, 2, 3, Infinity].map((order) => ({ order })))(
  "cdist() and pairwiseDistance() measure in the norm of order $order",
  async ({ order }) => {
    const rows = [[[1, 2], [3, 5]], [[0, 0], [3, 5], [-1, 1]]] as const;
    const [a, b] = rows.map((list) => tensor(list)) as [Tensor, Tensor];
    const distance = (x: readonly number[], y: readonly number[]) => {
      const gaps = x.map((each, i) => Math.abs(each - y[i]!));
      return order === Infinity
        ? Math.max(...gaps)
        : gaps.reduce((sum, gap) => sum + gap ** order, 0) ** (1 / order);
    };
    const want = rows[0].flatMap((x) => rows[1].map((y) => distance(x, y)));
    const y = normalized.cdist(a, b, { order });
    assertEquals(y.shape, [2, 3]);
    assertClose(await computeElements(y), want);
    const pairs = normalized.pairwiseDistance(a, b.slice([[0, 2]]), {
      order,
      epsilon: 0,
      keepDims: true,
    });
    assertEquals(pairs.shape, [2, 1]);
    assertClose(await computeElements(pairs), [
      distance([1, 2], [0, 0]),
      0,
    ]);
  },
);

Deno.test("cdist() has finite slopes between equal rows, and batches", async () => {
  const x = numbers([2, 3, 2]);
  const [slope] = gradients(normalized.cdist(x, x).sum(), [x]);
  assert((await computeElements(slope!)).every(Number.isFinite));
  assertEquals(normalized.cdist(zeros([4, 1, 3, 2]), zeros([5, 6, 2])).shape, [
    4,
    5,
    3,
    6,
  ]);
});

Deno.test("glu() weighs one half by the other; softmin() turns softmax around", async () => {
  const y = await computeElements(
    normalized.glu(tensor([2, 3, 0, Math.log(3)])),
  );
  assertClose(y, [1, 9 / 4]);
  const weights = normalized.softmin(tensor([0, Math.log(3)]));
  assertClose(await computeElements(weights), [3 / 4, 1 / 4]);
});

Deno.test.each<{ name: string; call: () => unknown; code: string }>([
  {
    name: "half the statistics",
    call: () => normalized.batchNorm(zeros([2, 3]), { mean: zeros([3]) }),
    code: "INVALID_OPTION",
  },
  {
    name: "statistics of other channels",
    call: () =>
      normalized.batchNorm(zeros([2, 3]), {
        mean: zeros([2]),
        variance: zeros([2]),
      }),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "groups that do not divide",
    call: () => normalized.groupNorm(zeros([2, 3]), 2),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an instance without pixels",
    call: () => normalized.instanceNorm(zeros([2, 3])),
    code: "AXIS_RANGE",
  },
  {
    name: "a negative epsilon",
    call: () => zeros([2]).rmsNorm(0, { epsilon: -1 }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an odd axis in halves",
    call: () => normalized.glu(zeros([3])),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "rows of two sizes",
    call: () => normalized.cdist(zeros([2, 3]), zeros([2, 4])),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "no axis to normalize",
    call: () => normalized.normalize(zeros([2]), 1),
    code: "AXIS_RANGE",
  },
])("$name is reported with $code", ({ call, code }) => {
  const error = assertThrows(call);
  assert(isCoded(error) && error.code === code, `${error}`);
});
