import { assertEquals } from "@std/assert";
import { makePlan } from "../realize/plan.ts";
import { ones, tensor } from "../create.ts";
import { randomUniform } from "../create_random.ts";
import { gradients } from "../gradients.ts";
import { concat } from "../join_tensors.ts";
import type { Tensor } from "../tensor.ts";
import { kernelCost } from "./kernel_cost.ts";

const A = tensor(new Float32Array(6), { shape: [2, 3] });
const B = tensor(new Float32Array(12), { shape: [3, 4] });
const KEYS = tensor(new Float32Array(15), { shape: [5, 3] });
const VALUES = tensor(new Float32Array(5), { shape: [5, 1] });
const SEEN = tensor([1, 0, 1, 1, 0], { dtype: "bool" });
const BIAS = tensor(new Float32Array(4));
const INDEX = tensor(Int32Array.of(0, 1), { shape: [2, 1] });

// Expected values: counted by hand. float32 and int32 take 4 bytes, bool takes 1.
Deno.test.each<{ name: string; of: Tensor; want: readonly number[] }>([
  { name: "a map", of: A.exp().add(1), want: [12, 24, 24] },
  { name: "a map to bool", of: A.less(0), want: [6, 24, 6] },
  {
    name: "a map that stretches",
    of: A.mul(tensor([1, 2, 3])),
    want: [6, 36, 24],
  },
  { name: "a product", of: A.matmul(B), want: [48, 72, 32] },
  {
    name: "a product with bias and activation",
    of: A.matmul(B).add(BIAS).maximum(0),
    want: [64, 88, 32],
  },
  {
    name: "a convolution with a bias",
    of: tensor(new Float32Array(12), { shape: [1, 3, 4] }).conv1d(
      tensor(new Float32Array(12), { shape: [2, 3, 2] }),
      { bias: tensor([1, 2]) },
    ),
    want: [78, 104, 24],
  },
  { name: "a reduction", of: A.sum(), want: [6, 24, 4] },
  { name: "a mean of squares", of: A.mul(A).mean(1), want: [14, 24, 8] },
  // A difference and an exponential each, and folds over them; an inverse a row; a product each.
  {
    name: "softmax",
    of: A.softmax(),
    want: [6 * (1 + 1 + 1 + 1 + 1) + 2, 24, 24],
  },
  { name: "picking", of: A.gather(INDEX, 1), want: [0, 16, 8] },
  {
    name: "an array put together",
    of: concat([
      A.slice([[0, 1]]).neg(),
      A.exp(),
      B.slice([1, [1]])
        .reshape([1, 3]),
    ]),
    want: [9, 24 + 12, 48],
  },
  {
    name: "running sums of squares",
    of: A.mul(A).cumsum(),
    want: [12, 24, 24],
  },
  { name: "a sort", of: A.sort(), want: [12, 24, 24] },
  {
    name: "an attention",
    of: A.scaledDotProductAttention(KEYS, VALUES),
    want: [2 * 2 * 5 * (3 + 1), 4 * (6 + 15 + 5), 8],
  },
  {
    name: "an attention that looks back, with a mask of one row",
    of: A.scaledDotProductAttention(KEYS, VALUES, {
      causal: true,
      mask: SEEN,
    }),
    want: [2 * 3 * (3 + 1), 4 * (6 + 15 + 5) + 5, 8],
  },
  {
    name: "windows that overlap",
    of: B.windows(2).max(-1),
    want: [18, 48, 36],
  },
  {
    name: "the gradient of pooling",
    of: gradients(B.maxPool2d(2, { stride: 1 }).mul(A).sum(), [B])[0]!,
    want: [30, 48 + 24, 48],
  },
  { name: "a constant", of: ones([5]), want: [0, 0, 20] },
  {
    name: "random numbers",
    of: randomUniform([5], { key: 1 }),
    want: [0, 0, 20],
  },
  {
    name: "nothing",
    of: tensor([], { shape: [0, 2] }).exp(),
    want: [0, 0, 0],
  },
])("kernelCost() of $name", ({ of, want }) => {
  const { steps } = makePlan([of.node]).program;
  assertEquals(steps.length, 1);
  const { flops, bytesRead, bytesWritten } = kernelCost(steps[0]!.kernel);
  assertEquals([flops, bytesRead, bytesWritten], want);
});
