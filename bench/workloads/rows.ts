import type { FormulaWorkload, Goal, Step } from "../workload.ts";

const [ROWS, COLUMNS] = [4096, 1024];
const BYTES = 4 * ROWS * COLUMNS;
const MATRIX = { shape: [ROWS, COLUMNS], bound: 4 };

function sum(
  name: string,
  axes: readonly number[],
  goal: Goal,
): FormulaWorkload {
  return {
    kind: "formula",
    name: `sum ${name}`,
    inputs: [MATRIX],
    steps: [{ op: "sum", x: 0, axes }],
    repeats: 2,
    work: { kind: "bytes", bytes: BYTES, loop: "read" },
    goal,
  };
}

function rewrite(
  name: string,
  { steps, inputs = [MATRIX], bytes = 2 * BYTES, goal }: {
    readonly steps: readonly Step[];
    readonly inputs?: FormulaWorkload["inputs"];
    readonly bytes?: number;
    readonly goal: Goal;
  },
): FormulaWorkload {
  return {
    kind: "formula",
    name,
    inputs,
    steps,
    repeats: bytes < BYTES ? 4 : 1,
    work: { kind: "bytes", bytes, loop: "copy" },
    goal,
  };
}

const TRANSPOSE: readonly Step[] = [{ op: "transpose", x: 0 }];
const TRANSPOSE_GOAL: Goal = {
  floor: 8,
  over: { jax: 8 / 1.2, tfjs: 8 / 1.1 },
};

/** Whole rows, columns and matrices: softmax, norms, sums, transposes. */
export const ROW_WORKLOADS: readonly FormulaWorkload[] = [
  rewrite("softmax rows", {
    steps: [{ op: "softmax", x: 0 }],
    goal: { floor: 11, over: { litert: 11 / 10.3 } },
  }),
  rewrite("layerNorm rows", {
    inputs: [
      MATRIX,
      { shape: [COLUMNS], bound: 1 },
      { shape: [COLUMNS], bound: 1 },
    ],
    steps: [{ op: "layerNorm", x: 0, gain: 1, bias: 2 }],
    goal: { floor: 15, over: { tfjs: 15 / 1.8 } },
  }),
  sum("all", [0, 1], { floor: 24, over: { tfjs: 4, ort: 4, jax: 4 } }),
  sum("rows", [1], { floor: 24, over: { jax: 24 / 28 } }),
  sum("columns", [0], { floor: 24, over: { ort: 24 / 25 } }),
  rewrite("transpose 1024 x 1024", {
    inputs: [{ shape: [1024, 1024], bound: 4 }],
    steps: TRANSPOSE,
    bytes: 2 * 4 * 1024 ** 2,
    goal: TRANSPOSE_GOAL,
  }),
  rewrite("transpose 4096 x 1024", { steps: TRANSPOSE, goal: TRANSPOSE_GOAL }),
];
