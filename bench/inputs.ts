import type { DescentWorkload, Formula, TrainingWorkload } from "./workload.ts";

/** A generator of numbers in `[0, 1)` that a seed decides. **Source**: T. Ettinger, mulberry32. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let bits = Math.imul(state ^ state >>> 15, state | 1);
    bits ^= bits + Math.imul(bits ^ bits >>> 7, bits | 61);
    return ((bits ^ bits >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Counts elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

function fill(
  shape: readonly number[],
  { bound, next }: { readonly bound: number; readonly next: () => number },
): Float32Array {
  return Float32Array.from(
    { length: sizeOf(shape) },
    () => bound * (2 * next() - 1),
  );
}

/**
 * Draws the inputs of a formula: never zeros, and the same for all contestants.
 *
 * @param workload The formula.
 * @param seed What they depend on.
 * @returns The elements of each input.
 */
export function formulaInputs(
  { inputs }: Formula,
  seed: number,
): Float32Array[] {
  const next = uniform(seed);
  return inputs.map(({ shape, bound }) => fill(shape, { bound, next }));
}

/**
 * Lists the shapes of what training starts from.
 *
 * @param workload The training.
 * @returns Features, targets as one-hot rows, then weight and bias of each layer.
 */
export function trainingShapes(
  { features, batch }: TrainingWorkload,
): (readonly number[])[] {
  const layers = features.slice(1).flatMap((width, i) => [
    [features[i]!, width],
    [width],
  ]);
  return [[batch, features[0]!], [batch, features.at(-1)!], ...layers];
}

function oneHot(
  [rows, classes]: readonly [number, number],
  next: () => number,
): Float32Array {
  const targets = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    targets[row * classes + Math.floor(next() * classes)] = 1;
  }
  return targets;
}

/**
 * Draws what a descent starts from.
 *
 * @param workload The descent.
 * @param seed What it depends on.
 * @returns Elements of each input; of targets, one class a row.
 */
export function descentInputs(
  workload: DescentWorkload,
  seed: number,
): Float32Array[] {
  const inputs = formulaInputs(workload, seed);
  if (workload.loss === "crossEntropy") {
    const [rows, classes] = workload.inputs.at(-1)!.shape as [number, number];
    inputs[inputs.length - 1] = oneHot([rows, classes], uniform(seed + 1));
  }
  return inputs;
}

/**
 * Draws what training starts from.
 *
 * @param workload The training.
 * @param seed What it depends on.
 * @returns Elements, in the order of `trainingShapes()`.
 */
export function trainingInputs(
  workload: TrainingWorkload,
  seed: number,
): Float32Array[] {
  const next = uniform(seed);
  const classes = workload.features.at(-1)!;
  return trainingShapes(workload).map((shape, i) => {
    if (i === 1) return oneHot([workload.batch, classes], next);
    const layer = Math.floor(i / 2) - 1;
    const bound = i === 0 ? 1 : 1 / Math.sqrt(workload.features[layer]!);
    return fill(shape, { bound, next });
  });
}
