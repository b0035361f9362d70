/**
 * What describing a computation costs, before anything is computed: a graph of 10,000 calls, as layers
 * of a model have them, its gradient, its tangent and its batch.
 */
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import { jvp } from "../transforms/jvp.ts";
import { vmap } from "../transforms/vmap.ts";

const LAYERS = 1000;

const x = tensor([[0.1, 0.2], [0.3, 0.4]]);
const weight = tensor([[1, 2], [3, 4]]);

/** Ten calls a layer: products, element by element, sums, views. */
function model(x: Tensor): Tensor {
  let y = x;
  for (let layer = 0; layer < LAYERS; layer++) {
    const hidden = y.matmul(weight).add(x).tanh();
    const moved = hidden.mul(0.5).add(y).sub(x);
    const scale = moved.sum(1, { keepDims: true });
    y = scale.mul(hidden).div(2).transpose();
  }
  return y.sum();
}

Deno.bench("describe 10,000 calls", () => {
  model(x);
});

Deno.bench("the gradient of 10,000 calls", (bench) => {
  const loss = model(x);
  bench.start();
  gradients(loss, [x, weight]);
  bench.end();
});

Deno.bench("the tangent of 10,000 calls, described as well", () => {
  jvp(model, [x], [x]);
});

const rows = x.reshape([1, 2, 2]);

Deno.bench("the batch of 10,000 calls, described as well", () => {
  vmap(model)(rows);
});
