import {
  invalidOption,
  type RandomKey,
  randomKey,
  type Shape,
} from "../core/base/mod.ts";
import { random } from "./builtin/random.ts";
import type { Node } from "./graph/node.ts";
import { Tensor, toNode } from "./tensor.ts";

/** Options of the random tensors. */
export interface RandomOptions {
  /** What the numbers depend on: a seed, or a key made by `randomKey` or `splitKey`. */
  readonly key: number | RandomKey;
  /**
   * Which draw of the key, an `int32` scalar: what makes a compiled function draw other numbers at each
   * call. The first one if left out.
   */
  readonly draw?: Tensor;
}

/**
 * Draws numbers that are uniform in [0, 1): the same for one key on every backend.
 *
 * @param shape Sizes per axis.
 * @param options The key and the draw.
 * @returns The numbers.
 * @throws {OptionError} `INVALID_OPTION` if the key is none.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the draw is not `int32`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the draw is no scalar.
 */
export function randomUniform(shape: Shape, options: RandomOptions): Tensor {
  return new Tensor(
    random(shape, { ...toSource(options), distribution: "uniform" }),
  );
}

/**
 * Draws numbers from the normal distribution with mean 0 and variance 1: the same for one key on
 * every backend.
 *
 * @example A seed says everything
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomNormal } from "@spiraltorch/spiraltorch";
 *
 * const [a, b] = [randomNormal([3], { key: 7 }), randomNormal([3], { key: 7 })];
 * assertEquals(await a.data(), await b.data());
 * ```
 *
 * @param shape Sizes per axis.
 * @param options The key and the draw.
 * @returns The numbers.
 * @throws {OptionError} `INVALID_OPTION` if the key is none.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the draw is not `int32`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the draw is no scalar.
 */
export function randomNormal(shape: Shape, options: RandomOptions): Tensor {
  return new Tensor(
    random(shape, { ...toSource(options), distribution: "normal" }),
  );
}

function toSource(options: RandomOptions): {
  readonly key: RandomKey;
  readonly draw: Node | undefined;
} {
  const { key, draw } = options ?? {};
  const isKey = typeof key === "number" || Array.isArray(key);
  if (!isKey) throw invalidOption("key", key, "a seed or a key");
  return {
    key: typeof key === "number" ? randomKey(key) : key, // checked by the operator
    draw: draw && toNode("random", draw),
  };
}
