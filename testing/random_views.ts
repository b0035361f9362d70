import type { Tensor } from "../ops/mod.ts";
import type { Pool } from "./random_pool.ts";

/** A way to make one more tensor; `undefined` where what is there does not fit. */
export type Maker = (pool: Pool) => Tensor | undefined;

/** Ways to look at the same elements otherwise, likelier than others: they are where views meet. */
export const VIEW_MAKERS: readonly Maker[] = [
  (pool) => pool.any().transpose(),
  (pool) => {
    const x = pool.any();
    const rest = [...x.shape.keys()];
    const axes = x.shape.map(() =>
      rest.splice(pool.choose(rest.length), 1)[0]!
    );
    return x.transpose(axes);
  },
  (pool) => pool.any().reshape([-1]),
  (pool) => {
    const x = pool.any();
    return x.slice(x.shape.map((size) => {
      const [start, end] = [pool.choose(5) - 2, pool.choose(5) - 2];
      return pool.pick([
        null,
        [start, end],
        [start, null, 2],
        [null, end, -1],
        size === 0 ? null : pool.choose(size),
      ]);
    }));
  },
  (pool) => {
    const x = pool.any();
    const axes = [...x.shape.keys()].filter(() => pool.choose(2) === 0);
    return x.flip(axes);
  },
  (pool) => {
    const x = pool.any();
    const axis = x.shape.findIndex((size) => size > 1);
    const size = 1 + pool.choose(2);
    return axis === -1
      ? undefined
      : x.windows(size, { axis, stride: 1 + pool.choose(2) });
  },
  (pool) => {
    const x = pool.any();
    const rank = x.rank + 1;
    return x.unsqueeze(pool.choose(2 * rank) - rank);
  },
  (pool) => pool.any().squeeze(),
  (pool) => {
    const x = pool.any();
    if (x.size === 0) return x.reshape([0]);
    const sizes: number[] = [];
    for (let rest = x.size; rest > 1;) {
      const size = [2, 3, 5, 7].find((prime) => rest % prime === 0) ?? rest;
      sizes.splice(pool.choose(sizes.length + 1), 0, size);
      rest /= size;
    }
    if (pool.choose(2) === 0) sizes.splice(pool.choose(2), 0, 1);
    return x.reshape(sizes.slice(0, 3).concat(sizes.length > 3 ? [-1] : []));
  },
  (pool) => {
    const x = pool.any();
    const shape = x.shape.map((size) => size === 1 ? pool.size() : size);
    return x.expand(pool.choose(2) === 0 ? [2, ...shape] : shape);
  },
];
