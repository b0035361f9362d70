import type {
  DescentWorkload,
  FormulaWorkload,
  Goal,
  InputSpec,
} from "../workload.ts";

const [CHANNELS, SIDE] = [64, 56];
const AREA = SIDE * SIDE;

function images(count: number): InputSpec {
  return { shape: [count, CHANNELS, SIDE, SIDE], bound: 1 };
}

function convolution(
  name: string,
  { count, groups, goal }: {
    readonly count: number;
    readonly groups: number;
    readonly goal: Goal;
  },
): FormulaWorkload {
  const ofGroup = CHANNELS / groups;
  return {
    kind: "formula",
    name,
    inputs: [
      images(count),
      { shape: [CHANNELS, ofGroup, 3, 3], bound: 1 / 3 },
    ],
    steps: [{ op: "conv2d", x: 0, weight: 1, groups }],
    repeats: count > 1 ? 1 : 4,
    // As a direct loop does them, however it is done.
    work: { kind: "flops", flops: 2 * 9 * count * CHANNELS * ofGroup * AREA },
    goal,
  };
}

const POOL: FormulaWorkload = {
  kind: "formula",
  name: "max pool 2 x 2, batch 8",
  inputs: [images(8)],
  steps: [{ op: "maxPool", x: 0 }],
  repeats: 4,
  work: {
    kind: "bytes",
    bytes: 4 * 8 * CHANNELS * AREA * 5 / 4,
    loop: "read",
  },
  goal: { floor: 20, over: { tfjs: 20 / 19.5 } },
};

/** Convolutions and pooling. */
export const IMAGES: readonly FormulaWorkload[] = [
  convolution("conv 3 x 3, batch 1", {
    count: 1,
    groups: 1,
    goal: {
      floor: 38,
      over: { litert: 38 / 31, tfjs: 38 / 28, ort: 38 / 24 },
    },
  }),
  convolution("conv 3 x 3, batch 8", {
    count: 8,
    groups: 1,
    goal: {
      floor: 38,
      over: { litert: 38 / 31, tfjs: 38 / 27, ort: 38 / 24 },
    },
  }),
  convolution("depthwise 3 x 3, batch 8", {
    count: 8,
    groups: CHANNELS,
    goal: { floor: 13, over: { tfjs: 13 / 10.1, litert: 13 / 8.6 } },
  }),
  POOL,
];

const BATCH = 64;

/** Two convolutions with a bias, each pooled, and a linear layer; steps by gradient descent. */
export const CNN: DescentWorkload = {
  kind: "descent",
  name: "CNN step",
  inputs: [
    { shape: [BATCH, 1, 28, 28], bound: 1 },
    { shape: [16, 1, 3, 3], bound: 1 / 3 },
    { shape: [16, 1, 1], bound: 1 / 3 },
    { shape: [32, 16, 3, 3], bound: 1 / 12 },
    { shape: [32, 1, 1], bound: 1 / 12 },
    { shape: [32 * 49, 10], bound: 1 / 40 },
    { shape: [10], bound: 1 / 40 },
    { shape: [BATCH, 10], bound: 1 },
  ],
  steps: [
    { op: "conv2d", x: 0, weight: 1, groups: 1 },
    { op: "add", left: 8, right: 2 },
    { op: "relu", x: 9 },
    { op: "maxPool", x: 10 },
    { op: "conv2d", x: 11, weight: 3, groups: 1 },
    { op: "add", left: 12, right: 4 },
    { op: "relu", x: 13 },
    { op: "maxPool", x: 14 },
    { op: "reshape", x: 15, shape: [BATCH, 32 * 49] },
    { op: "matmul", left: 16, right: 5 },
    { op: "add", left: 17, right: 6 },
  ],
  learned: [1, 2, 3, 4, 5, 6],
  loss: "crossEntropy",
  learningRate: 0.05,
  work: {
    kind: "time",
    unit: "ms",
    parts: 1,
    // Forward, slopes of the weights, and of all inputs but the images.
    flops: 2 * BATCH *
      (2 * 16 * 9 * 784 + 3 * 32 * 16 * 9 * 196 + 3 * 32 * 49 * 10),
  },
  goal: { floor: 30, over: { jax: 1758 / 30 } },
};
