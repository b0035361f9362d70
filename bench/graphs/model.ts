/**
 * Graphs of 10,000 calls: as layers of a model have them, and a chain.
 *
 * @module
 */
import { type Tensor, tensor } from "@spiraltorch/spiraltorch/ops";

const LAYERS = 1000;

/** What goes into the model. */
export const X: Tensor = tensor([[0.1, 0.2], [0.3, 0.4]]);

/** What every layer multiplies by. */
export const WEIGHT: Tensor = tensor([[1, 2], [3, 4]]);

/**
 * Describes ten calls a layer: products, element by element, sums, views.
 *
 * @param x The input, `[2, 2]`.
 * @returns One number.
 */
export function model(x: Tensor): Tensor {
  let y = x;
  for (let layer = 0; layer < LAYERS; layer++) {
    const hidden = y.matmul(WEIGHT).add(x).tanh();
    const moved = hidden.mul(0.5).add(y).sub(x);
    const scale = moved.sum(1, { keepDims: true });
    y = scale.mul(hidden).div(2).transpose();
  }
  return y.sum();
}

/**
 * Describes a chain of products and sums.
 *
 * @param x The input.
 * @returns One number.
 */
export function chain(x: Tensor): Tensor {
  let y = x;
  for (let pair = 0; pair < LAYERS * 5; pair++) y = y.mul(1.01).add(x);
  return y.sum();
}
