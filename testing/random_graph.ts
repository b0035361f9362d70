/**
 * Graphs of built-in operators, made by chance: what a compiler of graphs is tested with.
 *
 * Values stay where operators are defined and smooth enough that two ways to compute them agree: what
 * is divided by, and what a root or logarithm is taken of, is brought above 0 first.
 *
 * @module
 */
import { assertFunction, isFloatDType, sizeOf } from "../core/base/mod.ts";
import { assertIndex } from "../nn/check/assert_number.ts";
import { assertNumbers } from "../nn/check/assert_numbers.ts";
import {
  arange,
  full,
  optionsOf,
  randomNormal,
  randomUniform,
  type Tensor,
  tensor,
} from "../ops/mod.ts";
import { randomArray } from "./random_array.ts";
import { doBroadcast, Pool } from "./random_pool.ts";
import { sampledCall } from "./random_sample.ts";
import { type Maker, VIEW_MAKERS } from "./random_views.ts";

/** Options of {@linkcode randomGraph}. */
export interface RandomGraphOptions {
  /**
   * How many calls are made, besides those that bring values into range.
   *
   * @default {12}
   */
  readonly calls?: number;
  /**
   * Sizes of axes, as likely as they are listed.
   *
   * @default {[1, 2, 3, 3, 2, 1, 4, 0]}
   */
  readonly sizes?: readonly number[];
  /**
   * Elements that a tensor has at most.
   *
   * @default {200}
   */
  readonly sizeMax?: number;
  /**
   * Whether calls give half types: how often they are rounded then depends on which calls share a
   * kernel. Else half types are stored only.
   *
   * @default {false}
   */
  readonly halfArithmetic?: boolean;
}

/** A graph that was made by chance. */
export interface RandomGraph {
  /** `float32` tensors with elements, that calls were made on. */
  readonly leaves: readonly Tensor[];
  /** Everything that was made, in order: each is made from earlier ones. */
  readonly tensors: readonly Tensor[];
}

/**
 * Makes a graph of built-in operators over small tensors of all dtypes and up to six axes, empty ones
 * among them.
 *
 * @example A graph for each seed
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomArray, randomGraph } from "@spiraltorch/spiraltorch/testing";
 *
 * const numbers = randomArray(500, 3, { min: 0, max: 1 });
 * let next = 0;
 * const choose = (count: number) => Math.floor(numbers[next++ % 500]! * count);
 * assertEquals(randomGraph(choose, { calls: 5 }).leaves.length > 0, true);
 * ```
 *
 * @param choose Where chance comes from: gives a whole number from 0, below its argument.
 * @param options How large the graph is.
 * @returns The graph; the same choices give the same one.
 */
export function randomGraph(
  choose: (count: number) => number,
  options?: RandomGraphOptions,
): RandomGraph {
  const { calls = 12, sizes = SIZES, sizeMax = 200, halfArithmetic = false } =
    optionsOf("randomGraph", options);
  assertFunction("choose of randomGraph", choose);
  assertNumbers("sizes of randomGraph", sizes);
  function chosen(count: number): number {
    const choice = choose(count);
    assertIndex("a choice of randomGraph", choice);
    return choice;
  }
  const pool = new Pool(chosen, { sizes, sizeMax, halfArithmetic });
  const leaves = [0, 1, 2].map(() => pool.add(pool.leaf()));
  pool.add(tensor(pool.integers(3, 6), { dtype: "int32" }));
  for (let i = 0; i < calls; i++) {
    const y = (pool.choose(4) === 0 ? sampledCall : pool.pick(MAKERS))(pool);
    if (y && pool.hasRoomFor(y)) pool.add(y);
  }
  return { leaves, tensors: pool.tensors };
}

const SIZES: readonly number[] = [1, 2, 3, 3, 2, 1, 4, 0];

/** The same numbers, from 0.5 upwards. */
function above(x: Tensor): Tensor {
  return x.abs().add(0.5);
}

/** Ways to make one more tensor. */
const MAKERS: readonly Maker[] = [
  (pool) => pool.leaf(),
  (pool) => pool.narrow(),
  (pool) => full(pool.shape(), pool.choose(3) - 1),
  (pool) => arange(0, pool.choose(5), { dtype: "int32" }),
  (pool) => randomUniform(pool.shape(), { key: pool.choose(100) }),
  (pool) => randomNormal(pool.shape(), { key: pool.choose(100) }),
  (pool) => pool.number()[pool.pick(["abs", "neg", "sign", "relu"] as const)](),
  (pool) =>
    pool.fraction()[
      pool.pick(
        ["sin", "cos", "tanh", "sigmoid", "exp", "gelu", "silu"] as const,
      )
    ](),
  (pool) => pool.fraction()[pool.pick(["floor", "ceil", "round"] as const)](),
  (pool) =>
    above(pool.fraction())[pool.pick(["sqrt", "rsqrt", "log"] as const)](),
  // Below 1, where two ways to compute it could fall to both sides of a whole number.
  (pool) => pool.fraction().erf().mul(0.9),
  (pool) => pool.truth().not(),
  ...(["add", "sub", "mul", "maximum", "minimum"] as const).map(
    (name) => (pool: Pool) => {
      const x = pool.number();
      return x[name](pool.beside(x));
    },
  ),
  (pool) => {
    const x = pool.any();
    const y = pool.beside(x, x.dtype);
    const name = pool.pick(["equal", "less", "greaterOrEqual"] as const);
    return x[name](y);
  },
  (pool) => {
    const x = pool.truth();
    const y = pool.find((y) =>
      y.dtype === "bool" && doBroadcast(x.shape, y.shape)
    );
    return y && x[pool.pick(["and", "or"] as const)](y);
  },
  (pool) => {
    const x = pool.fraction();
    const y = pool.beside(x);
    return x.div(typeof y === "number" ? 3 : above(y.cast("float32")));
  },
  (pool) => above(pool.fraction()).pow(pool.choose(5) - 2),
  (pool) => pool.any().cast(pool.dtype()),
  (pool) => {
    const x = pool.any();
    const condition = pool.find((y) =>
      y.dtype === "bool" && doBroadcast(x.shape, y.shape)
    );
    return condition?.where(x, pool.choose(3));
  },
  ...(["sum", "prod", "max", "min", "mean"] as const).map(
    (name) => (pool: Pool) => {
      const x = pool.number();
      const axes = [...x.shape.keys()].filter(() => pool.choose(2) === 0);
      return x[name](pool.choose(4) === 0 ? undefined : axes, {
        keepDims: pool.choose(2) === 0,
      });
    },
  ),
  (pool) => {
    const x = pool.truth();
    const name = pool.pick(["any", "all"] as const);
    return x.rank === 0 ? x[name]() : x[name](pool.axis(x));
  },
  (pool) => {
    const x = pool.number();
    if (x.rank === 0 || x.size === 0) return undefined;
    return x[pool.pick(["argmax", "argmin"] as const)](pool.axis(x), {
      keepDims: pool.choose(2) === 0,
    });
  },
  (pool) => {
    const x = pool.fraction();
    if (x.rank === 0) return undefined;
    return x[pool.pick(["softmax", "logSoftmax"] as const)](pool.axis(x));
  },
  (pool) => {
    const x = pool.fraction();
    if (x.rank === 0 || x.size === 0) return undefined;
    const axis = pool.axis(x);
    return pool.choose(2) === 0
      ? x.variance(axis, { keepDims: pool.choose(2) === 0 })
      // Not 1e-5: elements that are nearly equal would be a matter of rounding.
      : x.layerNorm(axis, { epsilon: 0.1 });
  },
  ...VIEW_MAKERS,
  ...VIEW_MAKERS,
  (pool) => {
    const x = pool.any();
    const widths = x.shape.map((size): [number, number] => [
      pool.choose(3),
      pool.choose(3) - (size > 0 ? 1 : 0),
    ]);
    const interior = x.shape.map(() => Number(pool.choose(4) === 0));
    return x.pad(widths, { value: pool.choose(3) - 1, interior });
  },
  (pool) => {
    const x = pool.any();
    if (x.rank === 0) return undefined;
    const axis = pool.axis(x);
    const others = pool.tensors.filter((y) =>
      y.rank === x.rank &&
      y.shape.with(axis, 0).join() === x.shape.with(axis, 0).join()
    );
    return x.concat(others.slice(-2), axis);
  },
  (pool) => {
    const x = pool.number();
    if (x.rank < 2 || x.size === 0) return undefined;
    const kernel = x.shape.slice(-2).map((size) => 1 + pool.choose(size));
    const options = {
      stride: 1 + pool.choose(2),
      padding: kernel.map((size) => pool.choose((size >> 1) + 1)),
      ceilMode: pool.choose(2) === 0,
    };
    switch (pool.choose(3)) {
      case 0:
        return x.maxPool2d(kernel, options);
      case 1:
        return x.avgPool2d(kernel, {
          ...options,
          countIncludePad: pool.choose(2) === 0,
        });
      default:
        return x.adaptiveAvgPool2d(1 + pool.choose(3));
    }
  },
  (pool) => {
    const x = pool.any();
    const other = pool.find((y) => y.shape.join() === x.shape.join());
    return x.stack(other!, pool.choose(x.rank + 1));
  },
  (pool) => {
    const x = pool.fraction();
    const depth = x.shape.at(-1);
    const right = pool.find((y) =>
      isFloatDType(y.dtype) && y.rank > 0 && y.shape.at(-2) === depth &&
      y.rank <= 2
    );
    return depth === undefined ? undefined : right && x.matmul(right);
  },
  (pool) => {
    const x = pool.fraction();
    if (x.rank < 2) return undefined;
    const axes = [...x.shape.keys()];
    return x.matmul(
      x.transpose([...axes.slice(0, -2), ...axes.slice(-2).reverse()]),
    );
  },
  (pool) => {
    const x = pool.float();
    const depth = x.shape.at(-1);
    const key = pool.find((y) =>
      y.dtype === "float32" && y.rank === 2 && y.shape[1] === depth
    );
    if (x.rank < 2 || !key) return undefined;
    // What is not finite may show even where it is not seen.
    const value = key.abs().less(100).where(key, 0);
    // Scores are kept small: where one key takes all the weight, rounding decides which.
    return x.tanh().scaledDotProductAttention(value.tanh(), value, {
      causal: pool.choose(2) === 0,
      mask: pool.choose(3) - 1,
    });
  },
  (pool) => {
    const x = pool.float();
    const shape = [2, 1, 3];
    const weight = tensor(randomArray(6, pool.choose(1000)), { shape });
    if (x.size === 0 || x.size > 50) return undefined;
    const y = x.reshape([1, 1, x.size]).conv1d(weight, {
      padding: 1 + pool.choose(2),
      stride: 1 + pool.choose(2),
    });
    return pool.choose(2) === 0 ? y : y.relu();
  },
  (pool) => {
    const x = pool.find(({ rank, size }) => rank >= 2 && size > 0);
    if (!x) return undefined;
    const images = x.cast("float32").reshape([1, 1, -1, x.shape.at(-1)!]);
    const shape = [1, 1, 2, 2];
    const weight = tensor(randomArray(4, pool.choose(1000)), { shape });
    return pool.choose(2) === 0
      ? images.conv2d(weight, {
        padding: pool.choose(3) === 0 ? "same" : 1,
        dilation: pool.choose(2) + 1,
      })
      : images.convTranspose2d(weight, { stride: 1 + pool.choose(2) });
  },
  (pool) => {
    const x = pool.any();
    const indices = pool.find((y) => y.dtype === "int32" && y.rank < 3);
    return x.rank === 0 ? undefined : indices && x.take(indices, pool.axis(x));
  },
  (pool) => {
    const x = pool.any();
    if (x.rank === 0) return undefined;
    const axis = pool.choose(x.rank);
    const shape = x.shape.with(axis, pool.size());
    const index = tensor(pool.integers(sizeOf(shape), 5), {
      shape,
      dtype: "int32",
    });
    return x.gather(index, axis - x.rank);
  },
  (pool) => {
    const x = pool.number();
    if (x.rank === 0) return undefined;
    const index = tensor(pool.integers(x.size, 5), {
      shape: x.shape,
      dtype: "int32",
    });
    return x.scatterAdd(index, pool.axis(x), pool.choose(4));
  },
  ...(["cumsum", "cumprod", "cummax", "cummin"] as const).map(
    (name) => (pool: Pool) => {
      const x = pool.number();
      if (x.rank === 0) return undefined;
      return x[name](pool.axis(x), {
        // The neutral elements of extremes are infinite.
        exclusive: name === "cumsum" && pool.choose(4) === 0,
        reverse: pool.choose(2) === 0,
      });
    },
  ),
  (pool) => {
    // Not what was computed: two ways to compute it could come in another order.
    const x = pool.find((y) =>
      y.rank > 0 && y.dtype !== "bool" && y.node.kind === "data"
    );
    if (!x) return undefined;
    const [axis, descending] = [pool.axis(x), pool.choose(2) === 0];
    switch (pool.choose(3)) {
      case 0:
        return x.argsort(axis, { descending });
      case 1:
        return x.sort(axis, { descending });
      default: {
        const { indices, values } = x.topK(x.shape.at(axis)! >> 1, axis, {
          largest: descending,
        });
        return pool.choose(2) === 0 ? indices : values;
      }
    }
  },
  (pool) => {
    const x = pool.any();
    return x.cast("int32").oneHot(pool.choose(4));
  },
  (pool) => {
    const x = pool.number();
    if (x.rank === 0 || x.size === 0) return undefined;
    const axis = pool.axis(x);
    return x.gather(x.argmax(axis, { keepDims: true }), axis);
  },
];
