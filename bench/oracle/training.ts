/**
 * What the loss of a perceptron must be after some steps.
 *
 * @module
 */
import type { TrainingWorkload } from "../workload.ts";
import { mapRows, softmax } from "./rows.ts";
import { sum } from "./sum.ts";

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
