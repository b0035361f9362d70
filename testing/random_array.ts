import { fillUniform, randomKey } from "../core/base/mod.ts";
import { assertIndex } from "../nn/check/assert_number.ts";
import { optionsOf } from "../ops/mod.ts";

/** Options of {@linkcode randomArray}. */
export interface RandomArrayOptions {
  /**
   * The smallest value.
   *
   * @default {-2}
   */
  readonly min?: number;
  /**
   * The end of the range: no value is larger.
   *
   * @default {2}
   */
  readonly max?: number;
}

/**
 * Makes values in a range from a seed, so that a failure can be repeated.
 *
 * @example The same seed, the same values
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomArray } from "@spiraltorch/spiraltorch/testing";
 *
 * assertEquals(randomArray(4, 7), randomArray(4, 7));
 * ```
 *
 * @param length How many.
 * @param seed A whole number from 0.
 * @param options The range.
 * @returns The values; the same seed gives the same ones in every release.
 */
export function randomArray(
  length: number,
  seed: number,
  options?: RandomArrayOptions,
): Float32Array<ArrayBuffer> {
  const { min = -2, max = 2 } = optionsOf("randomArray", options);
  assertIndex("length of randomArray", length);
  const values = new Float32Array(length);
  fillUniform(randomKey(seed), values);
  return values.map((value) => min + (max - min) * value);
}
