/**
 * What the result must be, by plain loops in double precision.
 *
 * @module
 */
import { sizeOf } from "./inputs.ts";
import { shapesOf } from "./shapes.ts";
import type { FormulaWorkload, Step, TrainingWorkload } from "./workload.ts";

type Shape = readonly number[];

/** Products of more multiply-adds than this are computed in part only. */
const PRODUCT_MAX = 2 ** 28;

interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** The series about 0, exact enough for what is drawn. **Source**: Abramowitz and Stegun, 7.1.5. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return sum * 2 / Math.sqrt(Math.PI);
}

const UNARY: Readonly<
  Record<"exp" | "gelu" | "relu" | "tanh", (x: number) => number>
> = {
  exp: Math.exp,
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
};

const BINARY: Readonly<
  Record<"add" | "mul" | "sub", (left: number, right: number) => number>
> = {
  add: (left, right) => left + right,
  mul: (left, right) => left * right,
  sub: (left, right) => left - right,
};

/** Rows that are too many stay `NaN`: they are not compared. */
function matmul(left: Value, right: Value, shape: Shape): Float64Array {
  const depth = left.shape.at(-1)!;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const all = sizeOf(shape) / columns;
  const every = Math.ceil(all * columns * depth / PRODUCT_MAX);
  const result = new Float64Array(all * columns).fill(NaN);
  const hasBatch = right.shape.length > 2;
  for (let row = 0; row < all; row += every) {
    const out = result.subarray(row * columns, (row + 1) * columns).fill(0);
    const batch = hasBatch ? Math.floor(row / rows) : 0;
    for (let k = 0; k < depth; k++) {
      const factor = left.data[row * depth + k]!;
      const from = (batch * depth + k) * columns;
      for (let j = 0; j < columns; j++) {
        out[j]! += factor * right.data[from + j]!;
      }
    }
  }
  return result;
}

/** Replaces each row along the last axis. */
function mapRows(
  { shape, data }: Value,
  change: (row: Float64Array) => void,
): Float64Array {
  const result = data.slice();
  const length = shape.at(-1)!;
  for (let at = 0; at < result.length; at += length) {
    change(result.subarray(at, at + length));
  }
  return result;
}

function softmax(row: Float64Array): void {
  let most = -Infinity;
  for (const x of row) most = Math.max(most, x);
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    sum += row[i] = Math.exp(row[i]! - most);
  }
  for (let i = 0; i < row.length; i++) row[i]! /= sum;
}

function normalize(
  row: Float64Array,
  { gain, bias }: { readonly gain: Float64Array; readonly bias: Float64Array },
): void {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) /
    row.length;
  const scale = 1 / Math.sqrt(variance + 1e-5);
  for (let i = 0; i < row.length; i++) {
    row[i] = (row[i]! - mean) * scale * gain[i]! + bias[i]!;
  }
}

/** Of matrices. */
function sum({ shape, data }: Value, axes: readonly number[]): Float64Array {
  const [rows, columns] = shape as [number, number];
  const keepsRows = !axes.includes(0);
  const keepsColumns = !axes.includes(1);
  const result = new Float64Array(
    (keepsRows ? rows : 1) * (keepsColumns ? columns : 1),
  );
  for (let i = 0; i < data.length; i++) {
    const column = i % columns;
    const row = (i - column) / columns;
    result[keepsRows ? row : keepsColumns ? column : 0]! += data[i]!;
  }
  return result;
}

function transpose({ shape, data }: Value): Float64Array {
  const [rows, columns] = shape as [number, number];
  const result = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const column = i % columns;
    result[column * rows + (i - column) / columns] = data[i]!;
  }
  return result;
}

function evaluate(
  step: Step,
  values: readonly Value[],
  shape: Shape,
): Float64Array {
  switch (step.op) {
    case "exp":
    case "gelu":
    case "relu":
    case "tanh":
      return values[step.x]!.data.map(UNARY[step.op]);
    case "add":
    case "mul":
    case "sub": {
      const right = values[step.right]!.data;
      const fn = BINARY[step.op];
      return values[step.left]!.data.map((x, i) => fn(x, right[i]!));
    }
    case "matmul":
      return matmul(values[step.left]!, values[step.right]!, shape);
    case "softmax":
      return mapRows(values[step.x]!, softmax);
    case "layerNorm": {
      const gain = values[step.gain]!.data;
      const bias = values[step.bias]!.data;
      return mapRows(
        values[step.x]!,
        (row) => normalize(row, { gain, bias }),
      );
    }
    case "sum":
      return sum(values[step.x]!, step.axes);
    case "transpose":
      return transpose(values[step.x]!);
    default:
      return step satisfies never;
  }
}

/**
 * Computes a formula.
 *
 * @param workload The formula.
 * @param inputs Elements of its inputs.
 * @returns Its result; `NaN` where it was not computed.
 */
export function formulaResult(
  workload: FormulaWorkload,
  inputs: readonly Float32Array[],
): Float64Array {
  const shapes = shapesOf(workload);
  const values: Value[] = inputs.map((data, i) => ({
    shape: shapes[i]!,
    data: Float64Array.from(data),
  }));
  for (const step of workload.steps) {
    const shape = shapes[values.length]!;
    values.push({ shape, data: evaluate(step, values, shape) });
  }
  return values.at(-1)!.data;
}

/** A matrix product whose sides may be read transposed. */
function product(
  left: (row: number, k: number) => number,
  right: (k: number, column: number) => number,
  { rows, depth, columns }: {
    readonly rows: number;
    readonly depth: number;
    readonly columns: number;
  },
): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < depth; k++) {
      const factor = left(row, k);
      for (let column = 0; column < columns; column++) {
        result[row * columns + column]! += factor * right(k, column);
      }
    }
  }
  return result;
}

/** One array that is learned, and the averages of its slopes. */
interface Learned {
  readonly data: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** The rule of an optimizer, for the step of this number, from 1. */
function update(
  { data, mean, square }: Learned,
  slopes: Float64Array,
  { optimizer, learningRate, number }: {
    readonly optimizer: "adam" | "sgd";
    readonly learningRate: number;
    readonly number: number;
  },
): void {
  for (let i = 0; i < data.length; i++) {
    const slope = slopes[i]!;
    if (optimizer === "sgd") {
      data[i]! -= learningRate * slope;
      continue;
    }
    mean[i] = 0.9 * mean[i]! + 0.1 * slope;
    square[i] = 0.999 * square[i]! + 0.001 * slope * slope;
    const size = Math.sqrt(square[i]! / (1 - 0.999 ** number)) + 1e-8;
    data[i]! -= learningRate * mean[i]! / (1 - 0.9 ** number) / size;
  }
}

/**
 * Trains for some steps.
 *
 * @param workload The training.
 * @param inputs What it starts from.
 * @param steps How many steps.
 * @returns The loss that the last step started from.
 */
export function trainingLoss(
  workload: TrainingWorkload,
  inputs: readonly Float32Array[],
  steps: number,
): number {
  const x = Float64Array.from(inputs[0]!);
  const targets = inputs[1]!;
  const learned = inputs.slice(2).map((data) => ({
    data: Float64Array.from(data),
    mean: new Float64Array(data.length),
    square: new Float64Array(data.length),
  }));
  let loss = NaN;
  for (let number = 1; number <= steps; number++) {
    loss = trainOnce(workload, { x, targets, learned, number });
  }
  return loss;
}

function trainOnce(
  workload: TrainingWorkload,
  { x, targets, learned, number }: {
    readonly x: Float64Array;
    readonly targets: Float32Array;
    readonly learned: readonly Learned[];
    readonly number: number;
  },
): number {
  const { features, batch } = workload;
  const layers = features.length - 1;
  const activations = [x];
  for (let i = 0; i < layers; i++) {
    const [depth, columns] = [features[i]!, features[i + 1]!];
    const [weight, bias] = [learned[2 * i]!.data, learned[2 * i + 1]!.data];
    const input = activations[i]!;
    const sums = product(
      (row, k) => input[row * depth + k]!,
      (k, column) => weight[k * columns + column]!,
      { rows: batch, depth, columns },
    );
    activations.push(sums.map((each, j) => {
      const y = each + bias[j % columns]!;
      return i < layers - 1 ? Math.max(y, 0) : y;
    }));
  }
  const { loss, slopes } = crossEntropy(activations.pop()!, targets, batch);
  let slope = slopes;
  for (let i = layers - 1; i >= 0; i--) {
    const [depth, columns] = [features[i]!, features[i + 1]!];
    const [input, weight] = [activations[i]!, learned[2 * i]!.data];
    const weightSlope = product(
      (row, k) => input[k * depth + row]!,
      (k, column) => slope[k * columns + column]!,
      { rows: depth, depth: batch, columns },
    );
    const biasSlope = sum({ shape: [batch, columns], data: slope }, [0]);
    const above = slope;
    slope = product(
      (row, k) => above[row * columns + k]!,
      (k, column) => weight[column * columns + k]!,
      { rows: batch, depth: columns, columns: depth },
    ).map((each, j) => input[j]! > 0 ? each : 0);
    update(learned[2 * i]!, weightSlope, { ...workload, number });
    update(learned[2 * i + 1]!, biasSlope, { ...workload, number });
  }
  return loss;
}

function crossEntropy(
  logits: Float64Array,
  targets: Float32Array,
  batch: number,
): { readonly loss: number; readonly slopes: Float64Array } {
  const shape = [batch, logits.length / batch];
  const shares = mapRows({ shape, data: logits }, softmax);
  let loss = 0;
  const slopes = shares.map((share, i) => {
    if (targets[i]! > 0) loss -= Math.log(share) / batch;
    return (share - targets[i]!) / batch;
  });
  return { loss, slopes };
}

/**
 * Compares a result with what it must be.
 *
 * @param got The result.
 * @param want What it must be; `NaN` is not compared.
 * @returns The largest difference, relative to the largest element.
 */
export function relativeError(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
): number {
  if (got.length !== want.length) return Infinity;
  let [most, scale] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(want[i])) continue;
    const difference = Math.abs(got[i]! - want[i]!);
    // What is no number must not pass by being compared with nothing.
    if (!(difference <= most)) {
      most = Number.isNaN(difference) ? Infinity : difference;
    }
    scale = Math.max(scale, Math.abs(want[i]!));
  }
  return most / Math.max(scale, Number.MIN_VALUE);
}
