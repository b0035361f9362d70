import type { Goal, TrainingWorkload } from "../workload.ts";

const FEATURES = [784, 512, 256, 10];
const BATCH = 128;

/** Forward, slopes of weights, and slopes of all inputs but the first. */
function flopsOf(features: readonly number[], batch: number): number {
  const products = features.slice(1).map((width, i) =>
    (i === 0 ? 2 : 3) * features[i]! * width
  );
  return 2 * batch * products.reduce((sum, each) => sum + each, 0);
}

function mlp(
  optimizer: TrainingWorkload["optimizer"],
  { learningRate, goal }: {
    readonly learningRate: number;
    readonly goal: Goal;
  },
): TrainingWorkload {
  return {
    kind: "training",
    name: `MLP step, ${optimizer}`,
    features: FEATURES,
    batch: BATCH,
    optimizer,
    learningRate,
    work: {
      kind: "time",
      unit: "ms",
      parts: 1,
      flops: flopsOf(FEATURES, BATCH),
    },
    goal,
  };
}

/** Steps of training: forward, backward and update. */
export const TRAINING: readonly TrainingWorkload[] = [
  mlp("sgd", {
    learningRate: 0.1,
    goal: { floor: 9, over: { ort: 13.9 / 9, jax: 16 / 9 } },
  }),
  mlp("adam", {
    learningRate: 0.001,
    goal: { floor: 12, over: { jax: 58 / 12 } },
  }),
];
