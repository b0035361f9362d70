/**
 * The kernel language: what a backend has to compile, and nothing more.
 *
 * A kernel says what each element of its output is; loops, vectors, threads and memory are the
 * backend's affair. The output is a new array, row by row without gaps. Operands are views of
 * arrays: where the element for a place of the index space lies, in elements. Absent on purpose:
 * names, devices, control flow. A new arm here is work for every backend.
 *
 * @module
 */
import {
  type DType,
  isFloatDType,
  type RandomKey,
  type Shape,
} from "../../core/base/mod.ts";
import type { ConvolutionKernel } from "./convolution_kernel.ts";
import type { CombineFn, Expression } from "./expression.ts";
import type { OpaqueKernel } from "./opaque_kernel.ts";
import type { Operand } from "./operand.ts";
import { programShape, type RowProgramKernel } from "./row_program.ts";

export type { ConvolutionKernel } from "./convolution_kernel.ts";
export type {
  KernelIn,
  OpaqueCode,
  OpaqueKernel,
  WasmCode,
  WgslCode,
} from "./opaque_kernel.ts";
export type { Operand } from "./operand.ts";

/** Each output element from the operands' elements at the same place. */
export interface MapKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "map";
  /** The index space, which is the output's shape. */
  readonly shape: Shape;
  /** The inputs, over `shape`. */
  readonly operands: readonly Operand[];
  /** The value of one element. */
  readonly body: Expression;
  /** How the output is stored: a dtype whose values are held as the body's result is. */
  readonly dtype: DType;
}

/**
 * Each output element from a block of values: `body` over `shape × over`, combined over `over`, then
 * `epilogue` once over `shape`. An empty block gives the neutral element of `combine`.
 */
export interface ReduceKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "reduce";
  /** The output's shape. */
  readonly shape: Shape;
  /** Sizes of the axes that are combined; they follow those of `shape` in the index space. */
  readonly over: Shape;
  /** How values are combined. */
  readonly combine: CombineFn;
  /** The inputs: those loaded by `body` over `shape × over`, those loaded by `epilogue` over `shape`. */
  readonly operands: readonly Operand[];
  /** The value of one element before it is combined. */
  readonly body: Expression;
  /** The output element from the combined value. */
  readonly epilogue: Expression;
  /** How the output is stored: a dtype whose values are held as the epilogue's result is. */
  readonly dtype: DType;
}

/**
 * Whole rows: as a {@linkcode MapKernel} over `shape × over`, but its body may fold values over the
 * row and use the results in the same row, as softmax and norms do.
 */
export interface RowsKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "rows";
  /** Sizes of the axes that tell the rows apart. */
  readonly shape: Shape;
  /** Sizes of the axes within a row, from 1; they follow those of `shape` in the index space. */
  readonly over: Shape;
  /**
   * Whether the output has an element for each place of the index space, or one for each row, in which
   * case the body's result is the same all along the row.
   */
  readonly each: "element" | "row";
  /** The inputs, over `shape × over`. */
  readonly operands: readonly Operand[];
  /** The value of one element. */
  readonly body: Expression;
  /** How the output is stored: the dtype of the body's result. */
  readonly dtype: DType;
}

/**
 * Batched matrix product `[...batch, rows, depth] × [...batch, depth, columns]`, then `epilogue` for
 * each element. Fractions, which may be stored in different dtypes, are summed in `float32`; `int8` is
 * multiplied by `int8` only, and summed in `int32`, which wraps around.
 */
export interface ContractKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "contract";
  /** Sizes of the batch axes. */
  readonly batch: Shape;
  /** Rows of the left matrix and of the output. */
  readonly rows: number;
  /** Columns of the right matrix and of the output. */
  readonly columns: number;
  /** Columns of the left matrix, rows of the right one. */
  readonly depth: number;
  /**
   * The left matrices over `[...batch, rows, depth]`, the right ones over
   * `[...batch, depth, columns]`, then those that `epilogue` loads, over `[...batch, rows, columns]`.
   */
  readonly operands: readonly Operand[];
  /** The output element from the sum of products. */
  readonly epilogue: Expression;
  /** How the output is stored: a dtype whose values are held as the epilogue's result is. */
  readonly dtype: DType;
}

/**
 * Adds the elements of operand 0 into an array of zeros: the element at a place goes to the same
 * place of the output, except along `axis`, where the index (operand 1, `int32`) says where. Indices
 * count from the end where they are negative; outside `[-size, size)` the element is dropped.
 */
export interface ScatterKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "scatter";
  /** The index space of both operands. */
  readonly shape: Shape;
  /** The source and the index, over `shape`. */
  readonly operands: readonly [Operand, Operand];
  /** The axis of `shape` along which elements move. */
  readonly axis: number;
  /** Size of the output along `axis`. Its other sizes are those of `shape`. */
  readonly size: number;
  /** How the output is stored, and the source's values are held. */
  readonly dtype: "float32" | "int32";
}

/**
 * Adds each element of operand 1 into an array of zeros, at the place of the largest element of a block
 * of operand 0: the first where several are equal, the last `NaN` where there is one. It is the
 * gradient of the maximum of windows.
 */
export interface ScatterMaxKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "scatterMax";
  /** The index space of the blocks. */
  readonly shape: Shape;
  /** Sizes of a block's axes; they follow those of `shape` in the index space. */
  readonly over: Shape;
  /** The values over `shape × over`, and the elements over `shape`. */
  readonly operands: readonly [Operand, Operand];
  /** The output's shape. */
  readonly output: Shape;
  /** Where in the output the values of blocks have their places: steps along `shape × over`, from 0. */
  readonly target: readonly number[];
  /** How the output is stored. */
  readonly dtype: "float32";
}

/** A part of an assembled array. */
export interface Piece {
  /** Its index space. */
  readonly shape: Shape;
  /** Where in the output its first element lies, along each axis. */
  readonly offset: readonly number[];
  /** From one of its elements to the next in the output, along each axis, from 1. */
  readonly steps: readonly number[];
  /** The value of one element. */
  readonly body: Expression;
}

/**
 * An array put together from pieces: the element of a piece at place `i` goes to `offset + i steps`.
 * Where no piece lies the output holds `value`. No two pieces meet, so they may be computed in any
 * order.
 */
export interface AssembleKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "assemble";
  /** The output's shape. */
  readonly shape: Shape;
  /** What it holds where no piece lies; a number of its dtype. */
  readonly value: number;
  /** The inputs, each over the shape of every piece that loads it. */
  readonly operands: readonly Operand[];
  /** The pieces. */
  readonly pieces: readonly Piece[];
  /** How the output is stored: the dtype of the bodies' results. */
  readonly dtype: DType;
}

/**
 * Which array of an attention is computed: what it is for, the logarithms of the sums that the
 * weights are divided by, or all gradients in one go.
 */
export type AttentionRole = "output" | "logSumExp" | "gradients";

/**
 * Softmax-weighted means of values, one a query. For each batch, with queries q, keys k, values v
 * and a mask m that is added (or, of dtype `bool`, says which keys a query sees):
 * `scores_ij = scale q_i k_j + m_ij`, `weights_ij = exp(scores_ij - logSumExp_i)`,
 * `output_i = Σ_j weights_ij v_j`. Key j is out of sight where `scores_ij` is -Infinity, and where
 * `isCausal` and j > i; a query that sees no key has `logSumExp_i` -Infinity and zeros everywhere else.
 *
 * `gradients` holds, for each batch one after another, the gradients of q, k and v:
 * `slopes_ij = weights_ij (g_i v_j - delta_i)`, `scale Σ_j slopes_ij k_j`, `scale Σ_i slopes_ij q_i`,
 * `Σ_i weights_ij g_i`, where g is the output's gradient and delta_i is g_i output_i. They are one
 * array, because they share the weights, which no backend should store.
 *
 * Source: Dao et al., "FlashAttention: Fast and memory-efficient exact attention with IO-awareness"
 * (2022), algorithms 1 and 4.
 */
export interface AttentionKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "attention";
  /** What is computed. */
  readonly role: AttentionRole;
  /** Sizes of the batch axes. */
  readonly batch: Shape;
  /** How many queries there are in a batch. */
  readonly queries: number;
  /** How many keys and values. */
  readonly keys: number;
  /** Numbers of a query and of a key. */
  readonly depth: number;
  /** Numbers of a value; 0 where there are no values. */
  readonly width: number;
  /** What products of queries and keys are multiplied by. */
  readonly scale: number;
  /** Whether a query sees no key that comes after it. */
  readonly isCausal: boolean;
  /** Those that {@linkcode attentionSpaces} lists, the mask last, if there is one. */
  readonly operands: readonly Operand[];
  /** How the output is stored. */
  readonly dtype: "float32";
}

/** Random numbers that depend on a key and an element's place only. */
export interface RandomKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "random";
  /** The output's shape. */
  readonly shape: Shape;
  /** `uniform` in [0, 1), or `normal` with mean 0 and variance 1. */
  readonly distribution: "uniform" | "normal";
  /** What the numbers depend on. */
  readonly key: RandomKey;
  /** Nothing, or one `int32` that says which draw of the key is wanted; without, the first. */
  readonly operands: readonly [] | readonly [draw: Operand];
  /** How the output is stored. */
  readonly dtype: "float32";
}

/** Ways to combine values that a scan knows. */
export type ScanFn = Exclude<CombineFn, "and" | "or">;

/**
 * Running results along an axis: each output element is the combination of all values of `body` from
 * the first place of its line to its own. The first of an exclusive scan is the neutral element of
 * `combine`.
 */
export interface ScanKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "scan";
  /** The index space, which is the output's shape. */
  readonly shape: Shape;
  /** The axis along which values are combined. */
  readonly axis: number;
  /** How values are combined. */
  readonly combine: ScanFn;
  /** Whether lines are walked from their last place to their first. */
  readonly isReverse: boolean;
  /** Whether an element's own value is left out. */
  readonly isExclusive: boolean;
  /** The inputs, over `shape`. */
  readonly operands: readonly Operand[];
  /** The value of one element before it is combined. */
  readonly body: Expression;
  /** How the output is stored: a dtype whose values are held as the body's result is. */
  readonly dtype: DType;
}

/**
 * The first `count` elements of each line along an axis in order, or where they stood. `NaN` counts as
 * the largest number; equal elements stay in the order in which they were, except that values do not
 * tell -0 from 0 there: -0 comes first when ascending.
 */
export interface SortKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "sort";
  /** The input's index space. */
  readonly shape: Shape;
  /** The axis along which elements are put in order. */
  readonly axis: number;
  /** Size of the output along `axis`, at most that of `shape`. Its other sizes are those of `shape`. */
  readonly count: number;
  /** Whether the largest element comes first. */
  readonly isDescending: boolean;
  /** Whether the output holds the elements, or their places along `axis`. */
  readonly result: "values" | "indices";
  /** The input over `shape`, which holds numbers. */
  readonly operands: readonly [Operand];
  /** How the output is stored: as the input, or `int32` for places. */
  readonly dtype: DType;
}

/** What one launch computes. */
export type Kernel =
  | MapKernel
  | ReduceKernel
  | RowsKernel
  | ContractKernel
  | ConvolutionKernel
  | ScatterKernel
  | ScatterMaxKernel
  | AssembleKernel
  | AttentionKernel
  | RandomKernel
  | RowProgramKernel
  | ScanKernel
  | SortKernel
  | OpaqueKernel;

/**
 * Tells the shape of a kernel's output.
 *
 * @param kernel The kernel.
 * @returns The shape.
 */
export function outputShape(kernel: Kernel): Shape {
  switch (kernel.kind) {
    case "map":
    case "reduce":
    case "assemble":
    case "random":
    case "scan":
    case "opaque":
      return kernel.shape;
    case "rows":
      return kernel.each === "row"
        ? kernel.shape
        : [...kernel.shape, ...kernel.over];
    case "contract":
      return [...kernel.batch, kernel.rows, kernel.columns];
    case "convolution":
      return [
        kernel.batch,
        kernel.groups,
        kernel.channels,
        ...kernel.axes.map(({ output }) => output),
      ];
    case "scatter":
      return kernel.shape.with(kernel.axis, kernel.size);
    case "sort":
      return kernel.shape.with(kernel.axis, kernel.count);
    case "attention":
      return attentionShape(kernel);
    case "rowProgram":
      return [...kernel.batch, ...programShape(kernel.program)];
    case "scatterMax":
      return kernel.output;
    default:
      return kernel satisfies never;
  }
}

/**
 * Tells what the elements of a matrix product are summed in.
 *
 * @param kernel The product.
 * @returns The dtype, or `undefined` if its matrices cannot be multiplied.
 */
export function productDType(
  { operands: [left, right] }: ContractKernel,
): "float32" | "int32" | undefined {
  if (!left || !right) return undefined;
  const [a, b] = [left.dtype, right.dtype];
  if (isFloatDType(a) && isFloatDType(b)) return "float32";
  return a === "int8" && b === "int8" ? "int32" : undefined;
}

function attentionShape(
  { role, batch, queries, keys, depth, width }: AttentionKernel,
): Shape {
  switch (role) {
    case "output":
      return [...batch, queries, width];
    case "logSumExp":
      return [...batch, queries];
    case "gradients":
      return [...batch, queries * depth + keys * (depth + width)];
    default:
      return role satisfies never;
  }
}
