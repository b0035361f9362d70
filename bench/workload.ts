/**
 * What is measured, as values: every contestant translates them into its own calls, so a new row is a
 * new value and not a new program.
 *
 * @module
 */
import type { CeilingWork } from "../runtime/cli/bench/ceiling.ts";
import type { PeerName } from "./contestants/names.ts";

/** One operation. Values are numbered: first the inputs of the formula, then its steps. */
export type Step =
  | {
    readonly op: "exp" | "gelu" | "relu" | "softmax" | "tanh" | "transpose";
    readonly x: number;
  }
  | {
    /** `add`, `mul` and `sub` repeat the right side along axes that it lacks or has one place of. */
    readonly op: "add" | "matmul" | "mul" | "sub";
    readonly left: number;
    readonly right: number;
  }
  | {
    readonly op: "sum";
    readonly x: number;
    readonly axes: readonly number[];
  }
  | {
    /** Over the last axis, with `epsilon` 1e-5. */
    readonly op: "layerNorm";
    readonly x: number;
    readonly gain: number;
    readonly bias: number;
  }
  | {
    /**
     * Images `[count, channels, height, width]` by filters `[out, channels / groups, k, k]` of odd `k`,
     * with zeros around, so that height and width stay.
     */
    readonly op: "conv2d";
    readonly x: number;
    readonly weight: number;
    /** One, or as many as there are channels. */
    readonly groups: number;
  }
  | {
    /** The largest of each 2 × 2 elements of images `[count, channels, height, width]`. */
    readonly op: "maxPool";
    readonly x: number;
  }
  | {
    /** Over the last two axes, `[length, features]`, scaled by the root of the features. */
    readonly op: "attention";
    readonly query: number;
    readonly key: number;
    readonly value: number;
  }
  | {
    readonly op: "reshape";
    readonly x: number;
    readonly shape: readonly number[];
  }
  | {
    /** Axis `i` of the result is axis `axes[i]` of `x`. */
    readonly op: "permute";
    readonly x: number;
    readonly axes: readonly number[];
  };

/** Random numbers that a workload starts from, uniform between two bounds. */
export interface InputSpec {
  readonly shape: readonly number[];
  /** Numbers lie between minus and plus this. */
  readonly bound: number;
}

/** How much is done in one dispatch, and so what limits it. */
export type Work =
  | CeilingWork
  | {
    readonly kind: "time";
    readonly unit: "ms" | "µs";
    /** Into how many parts a dispatch is divided. */
    readonly parts: number;
    /** Operations that it cannot do without, where they are most of the work. */
    readonly flops?: number;
  };

/** What a row must reach. */
export interface Goal {
  /** Figure on the machine that the goals were set on, in the unit of the row, where there is one. */
  readonly floor?: number;
  /** How many times as fast as a peer of the same run. This is what the gate compares. */
  readonly over: Readonly<Partial<Record<PeerName, number>>>;
}

interface WorkloadBase {
  /** Name of the row. */
  readonly name: string;
  readonly work: Work;
  readonly goal?: Goal;
  /** The curve that the row is a point of, and where. */
  readonly curve?: { readonly name: string; readonly size: number };
}

/** Steps over inputs; the last one is the result. */
export interface Formula {
  readonly inputs: readonly InputSpec[];
  readonly steps: readonly Step[];
}

/** A formula over resident inputs. */
export interface FormulaWorkload extends WorkloadBase, Formula {
  readonly kind: "formula";
  /** Dispatches in one sample, so that a sample is long against the clock and the read-back. */
  readonly repeats: number;
}

/** Steps of training a perceptron with ReLU and cross entropy on one batch. */
export interface TrainingWorkload extends WorkloadBase {
  readonly kind: "training";
  /** Features of the input, of each hidden layer, and classes. */
  readonly features: readonly number[];
  readonly batch: number;
  readonly optimizer: "adam" | "sgd";
  readonly learningRate: number;
}

/** A step of gradient descent down the loss of a formula: forward, backward and update. */
export interface DescentWorkload extends WorkloadBase, Formula {
  readonly kind: "descent";
  /** Inputs that are learned. */
  readonly learned: readonly number[];
  /**
   * `crossEntropy`: the mean over rows of the result, whose one-hot targets are the last input.
   * `squares`: the mean of half the squares of the result.
   */
  readonly loss: "crossEntropy" | "squares";
  readonly learningRate: number;
}

/** A process that loads the library, multiplies two matrices, prints one element and ends. */
export interface ProcessWorkload extends WorkloadBase {
  readonly kind: "process";
  /** What of this library it loads: tensors, as the others are, or everything. */
  readonly loads: "tensors" | "everything";
}

/** A row of the table. */
export type Workload =
  | FormulaWorkload
  | TrainingWorkload
  | DescentWorkload
  | ProcessWorkload;

/** What contestants compute in this process. */
export type ComputeWorkload = Exclude<Workload, ProcessWorkload>;

/**
 * Lists the values that a step reads.
 *
 * @param step The step.
 * @returns Their numbers.
 */
export function operandsOf(step: Step): readonly number[] {
  switch (step.op) {
    case "add":
    case "matmul":
    case "mul":
    case "sub":
      return [step.left, step.right];
    case "layerNorm":
      return [step.x, step.gain, step.bias];
    case "conv2d":
      return [step.x, step.weight];
    case "attention":
      return [step.query, step.key, step.value];
    default:
      return [step.x];
  }
}
