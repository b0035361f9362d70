import type { FormulaWorkload, ProcessWorkload, Step } from "../workload.ts";

const KERNELS = 200;
const SIZE = 8;

/** Each product reads the one before it; there is nothing to fuse, and next to nothing to compute. */
const STEPS: readonly Step[] = Array.from({ length: KERNELS }, (_, i) => ({
  op: "matmul",
  left: i === 0 ? 0 : i + 1,
  right: 1,
}));

const PLAN: FormulaWorkload = {
  kind: "formula",
  name: "overhead of a kernel",
  // The second factor neither grows nor shrinks what it is multiplied with by much.
  inputs: [
    { shape: [SIZE, SIZE], bound: 1 },
    { shape: [SIZE, SIZE], bound: Math.sqrt(3 / SIZE) },
  ],
  steps: STEPS,
  repeats: 2,
  work: { kind: "time", unit: "µs", parts: KERNELS },
  // Others run a whole graph here, which is not what their goals were set on.
  goal: { floor: 1.5, over: { tfjs: 3.5 / 1.5 } },
};

const PROCESS: ProcessWorkload = {
  kind: "process",
  name: "process to first matmul",
  loads: "tensors",
  work: { kind: "time", unit: "ms", parts: 1 },
  goal: { floor: 40, over: { tfjs: 70 / 40, jax: 71 / 40, ort: 353 / 40 } },
};

const WHOLE_PROCESS: ProcessWorkload = {
  kind: "process",
  name: "process, all loaded",
  loads: "everything",
  work: { kind: "time", unit: "ms", parts: 1 },
};

/** What it costs to compute nothing much. */
export const OVERHEAD: readonly (FormulaWorkload | ProcessWorkload)[] = [
  PLAN,
  PROCESS,
  WHOLE_PROCESS,
];
