/**
 * Elements by their places and by their order, beside the methods of `Tensor`.
 *
 * @module
 */
import {
  equalShapes,
  invalidOption,
  optionsOf,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { INDEXING_OPERATORS } from "../builtin/indexing.ts";
import { SCATTER_OPERATORS, type ScatterName } from "../builtin/scatter.ts";
import { take } from "../builtin/take.ts";
import { Tensor, toNode } from "../tensor.ts";
import { encodeNumber } from "../trace/trace.ts";

/** What a function takes that selects elements. */
export interface KnownSizeOptions {
  /** How many are taken; what is beyond is left out. */
  readonly size: number;
  /**
   * What stands where there are fewer.
   *
   * @default {0}
   */
  readonly value?: number;
}

/** Options of {@linkcode histogram}. */
export interface HistogramOptions {
  /** How many ranges there are. */
  readonly bins: number;
  /** Where the first begins. */
  readonly min: number;
  /** Where the last ends. */
  readonly max: number;
}

/** Options of {@linkcode searchsorted}. */
export interface SearchsortedOptions {
  /**
   * Whether elements equal to a value count as before it.
   *
   * @default {false}
   */
  readonly right?: boolean;
}

/** Puts elements of a source into a tensor where an index points along an axis. */
export type ScatterFunction = (
  x: Tensor,
  index: Tensor,
  source: Tensor,
  axis?: number,
) => Tensor;

/**
 * x, with elements of a source where an index points along an axis; of several, the last. As PyTorch's
 * `scatter`, but the same every time.
 *
 * @example The last of two wins
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scatter, tensor, zeros } from "@spiraltorch/spiraltorch";
 *
 * const index = tensor(Int32Array.of(2, 0, 2));
 * const y = scatter(zeros([4]), index, tensor([5, 6, 7]));
 * assertEquals(await y.array(), [6, 0, 7, 0]);
 * ```
 */
export const scatter: ScatterFunction = scatterFunction("scatter");

/** x, or the largest element of a source that an index points there along an axis, if it is larger. */
export const scatterMax: ScatterFunction = scatterFunction("scatterMax");

/** x, or the smallest element of a source that an index points there along an axis, if it is smaller. */
export const scatterMin: ScatterFunction = scatterFunction("scatterMin");

/**
 * Counts how often each whole number from 0 occurs; others are left out.
 *
 * @param x Whole numbers, `int32`.
 * @param size The first number that is not counted.
 * @returns The counts, `int32`, `[size]`.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `int32`.
 * @throws {ShapeError} `SHAPE_INVALID` if the size is negative.
 */
export function bincount(x: Tensor, size: number): Tensor {
  const input = toNode("bincount", x);
  return new Tensor(apply(INDEXING_OPERATORS.bincount, [input], { size }));
}

/**
 * Takes a row of a table for each index.
 *
 * @param indices The indices, `int32`.
 * @param weight The table, `[n, ...]`.
 * @returns The rows, `[...indices, ...]`; `NaN`s for an index that is none.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the indices are not `int32`.
 */
export function embedding(indices: Tensor, weight: Tensor): Tensor {
  const name = "embedding";
  return new Tensor(take(toNode(name, weight), toNode(name, indices), 0));
}

/** Options of {@linkcode embeddingBag}. */
export interface EmbeddingBagOptions {
  /**
   * What is made of the rows of a bag.
   *
   * @default {"mean"}
   */
  readonly mode?: "max" | "mean" | "sum";
  /** What each row is multiplied by, of the shape of the indices; for `sum`. */
  readonly weights?: Tensor;
}

/**
 * Takes a row of a table for each index of a bag, and makes one row of them.
 *
 * **Shapes**: `indices [..., k], weight [n, d] -> y [..., d]`.
 *
 * **Source**: PyTorch `torch.nn.functional.embedding_bag`, for bags of one size.
 *
 * @example The sum of two rows
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { embeddingBag, tensor } from "@spiraltorch/spiraltorch";
 *
 * const table = tensor([[1, 2], [3, 4], [5, 6]]);
 * const bags = tensor(Int32Array.of(0, 2), { shape: [1, 2] });
 * assertEquals(await embeddingBag(bags, table, { mode: "sum" }).array(), [[6, 8]]);
 * ```
 *
 * @param indices The bags, `int32`.
 * @param weight The table.
 * @param options What is made of the rows.
 * @returns One row a bag; `NaN`s where an index is none.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the indices are not `int32`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there is not one weight for each index.
 * @throws {OptionError} `INVALID_OPTION` if there is no such mode, or weights where it is not `sum`.
 */
export function embeddingBag(
  indices: Tensor,
  weight: Tensor,
  options?: EmbeddingBagOptions,
): Tensor {
  const name = "embeddingBag";
  const { mode = "mean", weights } = optionsOf<EmbeddingBagOptions>(
    name,
    options,
  );
  if (mode !== "max" && mode !== "mean" && mode !== "sum") {
    throw invalidOption(`${name} mode`, mode, '"mean", "sum" or "max"');
  }
  const rows = embedding(indices, weight);
  if (weights === undefined) return rows[mode](-2);
  if (mode !== "sum") {
    throw invalidOption(`${name} mode`, mode, '"sum" beside weights');
  }
  const shape = toNode(name, weights).type.shape;
  if (!equalShapes(shape, indices.shape)) {
    const rule = "there must be one weight for each index";
    throw shapeMismatch(name, indices.shape, shape, { rule });
  }
  return rows.mul(weights.unsqueeze(-1)).sum(-2);
}

/**
 * Counts how many elements lie in each of some ranges of equal width. A range has its beginning but not
 * its end, the last has both; elements outside, and `NaN`, are left out.
 *
 * @param x The elements.
 * @param options How many ranges, and where.
 * @returns The counts, `int32`, `[bins]`.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if there are no ranges or they have no width.
 */
export function histogram(x: Tensor, options: HistogramOptions): Tensor {
  const set = optionsOf<HistogramOptions>("histogram", options);
  const input = toNode("histogram", x);
  return new Tensor(apply(INDEXING_OPERATORS.histogram, [input], { ...set }));
}

/**
 * Puts one value where a mask is true. The dtype stays.
 *
 * @param x The tensor.
 * @param mask Where to put it, `bool`; both broadcast.
 * @param value The value.
 * @returns The tensor with the value.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the mask is not `bool`.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the dtype does not hold the value.
 */
export function maskedFill(x: Tensor, mask: Tensor, value: number): Tensor {
  const nodes = [x, mask].map((input) => toNode("maskedFill", input));
  const attributes = { value: encodeNumber(value) };
  return new Tensor(apply(INDEXING_OPERATORS.maskedFill, nodes, attributes));
}

/**
 * Takes the elements where a mask is true, in their order.
 *
 * @param x The tensor.
 * @param mask What to take, `bool`; both broadcast.
 * @param options How many, and what stands where there are fewer.
 * @returns The elements, `[size]`.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the mask is not `bool`.
 * @throws {ShapeError} `SHAPE_INVALID` if the size is negative.
 */
export function maskedSelect(
  x: Tensor,
  mask: Tensor,
  options: KnownSizeOptions,
): Tensor {
  const nodes = [x, mask].map((input) => toNode("maskedSelect", input));
  const attributes = knownSize("maskedSelect", options);
  return new Tensor(apply(INDEXING_OPERATORS.maskedSelect, nodes, attributes));
}

/**
 * Tells where elements are other than 0, in their order.
 *
 * @param x The tensor.
 * @param size How many places are wanted.
 * @returns A place along each axis, `int32`, `[size, rank]`; -1 where there are fewer.
 * @throws {ShapeError} `SHAPE_INVALID` if the size is negative.
 */
export function nonzero(x: Tensor, size: number): Tensor {
  const input = toNode("nonzero", x);
  return new Tensor(apply(INDEXING_OPERATORS.nonzero, [input], { size }));
}

/**
 * Tells before which element of a sorted line each value belongs.
 *
 * @param sorted One line in ascending order, or one for each line of values: `[n]` or `[..., n]`.
 * @param values The values, `[..., m]`.
 * @param options What holds for equal elements.
 * @returns The places, `int32`, `[..., m]`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the axes before the last differ.
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor,
  options?: SearchsortedOptions,
): Tensor {
  const name = "searchsorted";
  const { right = false } = optionsOf<SearchsortedOptions>(name, options);
  const nodes = [sorted, values].map((input) => toNode(name, input));
  return new Tensor(apply(INDEXING_OPERATORS.searchsorted, nodes, { right }));
}

/**
 * Adds up rows that have the same number.
 *
 * @param x The rows, `[n, ...]`.
 * @param segments The number of each, `int32`, `[n]`; rows with others than 0 to count - 1 are left out.
 * @param count How many sums there are.
 * @returns The sums, `[count, ...]`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there is not one number for each row.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the numbers are not `int32`.
 */
export function segmentSum(
  x: Tensor,
  segments: Tensor,
  count: number,
): Tensor {
  const nodes = [x, segments].map((input) => toNode("segmentSum", input));
  return new Tensor(apply(INDEXING_OPERATORS.segmentSum, nodes, { count }));
}

/**
 * Takes the different elements, in ascending order.
 *
 * @param x The tensor.
 * @param options How many, and what stands where there are fewer.
 * @returns The elements, `[size]`.
 * @throws {ShapeError} `SHAPE_INVALID` if the size is negative.
 */
export function unique(x: Tensor, options: KnownSizeOptions): Tensor {
  const attributes = knownSize("unique", options);
  const input = toNode("unique", x);
  return new Tensor(apply(INDEXING_OPERATORS.unique, [input], attributes));
}

/** A missing size is the schema's to report. */
function knownSize(name: string, options: KnownSizeOptions) {
  const { value = 0, ...size } = optionsOf<KnownSizeOptions>(name, options);
  return { ...size, value: encodeNumber(value) };
}

function scatterFunction(name: ScatterName): ScatterFunction {
  return (x, index, source, axis = -1) => {
    const nodes = [x, index, source].map((input) => toNode(name, input));
    return new Tensor(apply(SCATTER_OPERATORS[name], nodes, { axis }));
  };
}
