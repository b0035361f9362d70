import type { Kernel } from "../../kernels/ir/mod.ts";
import {
  concat,
  eye,
  gradients,
  linalg,
  randomUniform,
  scaledDotProductAttention,
  type Tensor,
  tensor,
} from "../../ops/mod.ts";
import { randomArray } from "../random_array.ts";

/** What the suite asks of every backend: opaque kernels are code for one of them. */
export type SampleKind = Exclude<Kernel["kind"], "opaque">;

/** A tensor of numbers that are neither equal nor simple. */
function numbers(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(randomArray(size, seed), { shape });
}

/** Keys, values and queries of two heads. */
function attend(): Tensor {
  const [query, key, value] = [1, 2, 3].map((seed) =>
    numbers([2, 5, 4], seed)
  ) as [Tensor, Tensor, Tensor];
  return scaledDotProductAttention(query, key, value);
}

/** Of each kind of kernel, computations that need it. */
export const KERNEL_SAMPLES: Readonly<
  Record<SampleKind, readonly (() => Tensor)[]>
> = {
  map: [
    () => numbers([3, 5], 1).mul(numbers([5], 2)).add(0.5).tanh(),
    () => numbers([4, 3], 1).transpose().greater(0),
    () => tensor([7, -7, 2], { dtype: "int32" }).mul(3).cast("float32"),
    () => numbers([0, 3], 1).exp(),
  ],
  reduce: [
    () => numbers([4, 33], 1).exp().sum(1),
    () => numbers([4, 33], 1).max(0),
    () => numbers([3, 40], 1).argmin(1),
  ],
  rows: [
    () => numbers([3, 17], 1).softmax(),
    () => numbers([3, 17], 1).logSoftmax(),
  ],
  contract: [
    () => numbers([7, 9], 1).matmul(numbers([9, 5], 2)).add(1).relu(),
    () => numbers([2, 3, 4], 1).matmul(numbers([4, 6], 2)),
  ],
  rowProgram: [
    () => {
      const root = numbers([2, 4, 4], 1);
      return linalg.cholesky(
        root.matmul(root.transpose([0, 2, 1])).add(eye(4)),
      );
    },
    () => linalg.solve(tensor([[2, 1], [1, 3]]), tensor([[1], [2]])),
  ],
  convolution: [
    () =>
      numbers([2, 3, 6, 6], 1).conv2d(numbers([4, 3, 3, 3], 2), {
        padding: 1,
      }),
    () => numbers([1, 2, 9], 1).conv1d(numbers([3, 2, 2], 2), { stride: 2 }),
  ],
  scatter: [
    () => {
      const table = numbers([5, 3], 1);
      const index = tensor([[0, 0, 4], [2, 0, 1]], { dtype: "int32" });
      const [slopes] = gradients(table.gather(index, 0).sum(), [table]);
      return slopes!;
    },
  ],
  scatterMax: [
    () => {
      const image = numbers([1, 1, 6, 6], 1);
      const [slopes] = gradients(image.maxPool2d(2).sum(), [image]);
      return slopes!;
    },
  ],
  assemble: [
    () => concat([numbers([2, 3], 1), numbers([1, 3], 2)]),
    () => numbers([2, 3], 1).pad([[1, 0], [0, 2]]),
  ],
  attention: [attend],
  random: [() => randomUniform([100], { key: 3 })],
  scan: [() => numbers([3, 20], 1).cumsum(1)],
  sort: [() => numbers([3, 20], 1).sort(1)],
};
