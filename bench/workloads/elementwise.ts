import type { FormulaWorkload, Goal, InputSpec, Step } from "../workload.ts";

/** Bytes of an element. */
const FLOAT = 4;

interface Row {
  readonly name: string;
  readonly operands: number;
  readonly steps: readonly Step[];
  /** Goals at a million elements. */
  readonly goal: Goal;
}

const ROWS: readonly Row[] = [
  {
    name: "add",
    operands: 2,
    steps: [{ op: "add", left: 0, right: 1 }],
    goal: { floor: 28, over: { litert: 28 / 38, ort: 28 / 30 } },
  },
  {
    name: "relu",
    operands: 1,
    steps: [{ op: "relu", x: 0 }],
    goal: { floor: 28, over: { litert: 28 / 38, ort: 28 / 30 } },
  },
  {
    name: "exp",
    operands: 1,
    steps: [{ op: "exp", x: 0 }],
    goal: { floor: 11, over: { litert: 11 / 3.6 } },
  },
  {
    name: "tanh",
    operands: 1,
    steps: [{ op: "tanh", x: 0 }],
    goal: { floor: 11, over: { litert: 11 / 3.7 } },
  },
  {
    name: "gelu (erf)",
    operands: 1,
    steps: [{ op: "gelu", x: 0 }],
    goal: { floor: 6.5, over: { litert: 6.5 / 2.8 } },
  },
];

const SIZES = [{ label: "1e6", size: 1e6 }, { label: "1e7", size: 1e7 }];

function operand(size: number): InputSpec {
  return { shape: [size], bound: 4 };
}

function elementwise(
  { name, operands, steps, goal }: Row,
  { label, size }: { readonly label: string; readonly size: number },
): FormulaWorkload {
  return {
    kind: "formula",
    name: `${name} ${label}`,
    inputs: Array.from({ length: operands }, () => operand(size)),
    steps,
    repeats: size > 1e6 ? 1 : 4,
    work: {
      kind: "bytes",
      bytes: (operands + 1) * FLOAT * size,
      loop: operands === 2 ? "add" : "copy",
    },
    ...size === 1e6 && { goal },
  };
}

/** relu(relu(x y + x) x - y): six operators, whose fused form moves three arrays. */
const CHAIN: FormulaWorkload = {
  kind: "formula",
  name: "chain of 6, 1e7",
  inputs: [operand(1e7), operand(1e7)],
  steps: [
    { op: "mul", left: 0, right: 1 },
    { op: "add", left: 2, right: 0 },
    { op: "relu", x: 3 },
    { op: "mul", left: 4, right: 0 },
    { op: "sub", left: 5, right: 1 },
    { op: "relu", x: 6 },
  ],
  repeats: 1,
  work: { kind: "bytes", bytes: 3 * FLOAT * 1e7, loop: "add" },
  // Those that do not fuse; the figure is the bandwidth of the machine that goals were set on.
  goal: { floor: 18, over: { tfjs: 4, ort: 4, litert: 4 } },
};

/** Operators of one element at a time. */
export const ELEMENTWISE: readonly FormulaWorkload[] = [
  ...ROWS.flatMap((row) => SIZES.map((size) => elementwise(row, size))),
  CHAIN,
];
