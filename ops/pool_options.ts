/**
 * Options of the poolings, from what callers write to what operators take.
 *
 * @module
 */
import { invalidOption } from "../core/base/mod.ts";
import { adaptiveAvgPool } from "./builtin/adaptive_avg_pool.ts";
import { avgPool } from "./builtin/avg_pool.ts";
import { maxPool } from "./builtin/max_pool.ts";
import type { Node } from "./graph/node.ts";

/** A whole number for all axes, or one for each. */
export type PoolSize = number | readonly number[];

/** How windows lie. */
export interface PoolOptions {
  /** From one window to the next; the size of a window if left out. */
  readonly stride?: PoolSize;
  /**
   * How far the first window begins before the first element, and the last may reach behind the last:
   * at most half of a window.
   *
   * @default {0}
   */
  readonly padding?: PoolSize;
  /**
   * Whether a last window that reaches further counts, too, as long as it begins in front of the last
   * element.
   *
   * @default {false}
   */
  readonly ceilMode?: boolean;
}

/** Options of `Tensor.maxPool1d` and `Tensor.maxPool2d`. */
export interface MaxPoolOptions extends PoolOptions {
  /**
   * From one element of a window to the next.
   *
   * @default {1}
   */
  readonly dilation?: PoolSize;
}

/** Options of `Tensor.avgPool1d` and `Tensor.avgPool2d`. */
export interface AvgPoolOptions extends PoolOptions {
  /**
   * Whether places in the padding count where the sum is divided.
   *
   * @default {true}
   */
  readonly countIncludePad?: boolean;
}

/**
 * Takes the largest element of windows over the last axes.
 *
 * @param x The input.
 * @param rank How many axes.
 * @param options How the windows lie.
 * @returns One element a window.
 * @throws {OptionError} `INVALID_OPTION` if a setting is no whole number or list of such.
 */
export function maxPoolOver(
  x: Node,
  rank: number,
  { kernel, stride = kernel, padding = 0, dilation = 1, ceilMode = false }:
    & MaxPoolOptions
    & { readonly kernel: PoolSize },
): Node {
  return maxPool(x, {
    kernel: sizesOf("kernel", kernel, rank),
    stride: sizesOf("stride", stride, rank),
    padding: sizesOf("padding", padding, rank),
    dilation: sizesOf("dilation", dilation, rank),
    ceilMode,
  });
}

/**
 * Takes the mean of windows over the last axes.
 *
 * @param x The input.
 * @param rank How many axes.
 * @param options How the windows lie.
 * @returns One element a window.
 * @throws {OptionError} `INVALID_OPTION` if a setting is no whole number or list of such.
 */
export function avgPoolOver(
  x: Node,
  rank: number,
  {
    kernel,
    stride = kernel,
    padding = 0,
    ceilMode = false,
    countIncludePad = true,
  }: AvgPoolOptions & { readonly kernel: PoolSize },
): Node {
  return avgPool(x, {
    kernel: sizesOf("kernel", kernel, rank),
    stride: sizesOf("stride", stride, rank),
    padding: sizesOf("padding", padding, rank),
    ceilMode,
    countIncludePad,
  });
}

/**
 * Takes the means of parts of the last axes.
 *
 * @param x The input.
 * @param rank How many axes.
 * @param outputSize How many parts.
 * @returns One element a part.
 * @throws {OptionError} `INVALID_OPTION` if it is no whole number or list of such.
 */
export function adaptiveAvgPoolOver(
  x: Node,
  rank: number,
  outputSize: PoolSize,
): Node {
  return adaptiveAvgPool(x, sizesOf("outputSize", outputSize, rank));
}

function sizesOf(
  option: string,
  sizes: unknown,
  rank: number,
): readonly number[] {
  const list: readonly unknown[] = Array.isArray(sizes)
    ? sizes
    : new Array<unknown>(rank).fill(sizes);
  if (list.length === rank && list.every(Number.isSafeInteger)) {
    return list as readonly number[];
  }
  const wanted = rank === 1 ? "a whole number" : `a whole number or ${rank}`;
  throw invalidOption(option, sizes, wanted);
}
