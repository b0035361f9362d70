import type { FormulaWorkload, Goal, Step } from "../workload.ts";

const PRODUCT: readonly Step[] = [{ op: "matmul", left: 0, right: 1 }];

/** Floors against the peers' 26 GFLOP/s at that size. */
function besides(floor: number): Goal {
  const times = floor / 26;
  return { floor, over: { tfjs: times, ort: times, jax: times } };
}

const LARGE: Goal = {
  floor: 40,
  over: { litert: 1.3, tfjs: 1.55, ort: 1.55, jax: 1.55 },
};

const GOALS: Readonly<Record<number, Goal>> = {
  64: besides(32),
  128: besides(36),
  256: LARGE,
  512: LARGE,
  1024: LARGE,
  2048: besides(38),
};

function square(size: number, goal: Goal): FormulaWorkload {
  const flops = 2 * size ** 3;
  const input = { shape: [size, size], bound: 1 };
  return {
    kind: "formula",
    name: `matmul ${size}`,
    inputs: [input, input],
    steps: PRODUCT,
    repeats: Math.max(1, Math.min(50, Math.round(6e7 / flops))),
    work: { kind: "flops", flops },
    goal,
    curve: { name: "matmul", size },
  };
}

const BATCH_INPUT = { shape: [64, 64, 64], bound: 1 };

/** Products of matrices. */
export const MATMUL: readonly FormulaWorkload[] = [
  ...Object.entries(GOALS).map(([size, goal]) => square(Number(size), goal)),
  {
    kind: "formula",
    name: "matmul 64 of 64",
    inputs: [BATCH_INPUT, BATCH_INPUT],
    steps: PRODUCT,
    repeats: 4,
    work: { kind: "flops", flops: 64 * 2 * 64 ** 3 },
    goal: { floor: 30, over: { ort: 30 / 26, jax: 30 / 14, tfjs: 30 / 1.9 } },
  },
];
