import {
  defineDisplay,
  type DType,
  type HostArray,
  hostArray,
  invalidOption,
  type MediaBundle,
  optionsOf,
  type Shape,
  sizeOf,
} from "../core/base/mod.ts";
import type { HostElements } from "../kernels/mod.ts";
import type { Operand } from "./apply.ts";
import { argReduce } from "./builtin/arg_reduce.ts";
import { binary, type BinaryName } from "./builtin/binary.ts";
import { cast } from "./builtin/cast.ts";
import { concat, stack } from "./builtin/concat.ts";
import type { ConvName } from "./builtin/conv.ts";
import {
  addBias,
  type ConvSettings,
  convTransposeAttributes,
  type ConvTransposeSettings,
  convWithBias,
} from "./builtin/conv_settings.ts";
import { convTranspose2d } from "./builtin/conv_transpose.ts";
import { einsum } from "./builtin/einsum.ts";
import { expand } from "./builtin/expand.ts";
import { flip } from "./builtin/flip.ts";
import { gather } from "./builtin/gather.ts";
import { gelu } from "./builtin/gelu.ts";
import { layerNorm } from "./builtin/layer_norm.ts";
import { logSoftmax } from "./builtin/log_softmax.ts";
import { matmul } from "./builtin/matmul.ts";
import { mean } from "./builtin/mean.ts";
import { rmsNorm } from "./builtin/normalize.ts";
import { oneHot } from "./builtin/one_hot.ts";
import { permute } from "./builtin/permute.ts";
import { reduce, type ReduceName } from "./builtin/reduce.ts";
import { relu } from "./builtin/relu.ts";
import { reshape } from "./builtin/reshape.ts";
import { scaledDotProductAttention } from "./builtin/scaled_dot_product_attention.ts";
import { select } from "./builtin/select.ts";
import { silu } from "./builtin/silu.ts";
import { softmax } from "./builtin/softmax.ts";
import { splitNode, unstackNode } from "./builtin/split.ts";
import { squeeze, unsqueeze } from "./builtin/squeeze.ts";
import { logSumExp } from "./builtin/statistics.ts";
import { scan, type ScanName } from "./builtin/scan.ts";
import { scatterAdd } from "./builtin/scatter_add.ts";
import { argsort, argTopK, sort } from "./builtin/sort.ts";
import { take } from "./builtin/take.ts";
import { dot } from "./builtin/tensordot.ts";
import { unary, type UnaryName } from "./builtin/unary.ts";
import { variance } from "./builtin/variance.ts";
import { where } from "./builtin/where.ts";
import { windows } from "./builtin/windows.ts";
import { notScalar } from "./errors.ts";
import { type DataNode, type Node, UNKNOWN_TYPE } from "./graph/node.ts";
import { realizedOr } from "./graph/realized.ts";
import { quietly } from "./observe_calls.ts";
import { type PadOptions, type PadWidth, padWidths } from "./pad_widths.ts";
import {
  adaptiveAvgPoolOver,
  type AvgPoolOptions,
  avgPoolOver,
  type MaxPoolOptions,
  maxPoolOver,
  type PoolSize,
} from "./pool_options.ts";
import { type SliceRange, sliceRanges } from "./slice_ranges.ts";

/** A tensor, or a number that adapts to the tensor beside it. */
export type TensorLike = Tensor | number;

/** Elements in nested arrays, as deep as the tensor has axes. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** Options of the reductions. */
export interface ReduceOptions {
  /**
   * Whether axes that are combined stay, with size 1.
   *
   * @default {false}
   */
  readonly keepDims?: boolean;
}

/** Options of {@linkcode Tensor.variance}. */
export interface VarianceOptions extends ReduceOptions {
  /**
   * What is taken from the number of elements before it divides.
   *
   * @default {0}
   */
  readonly correction?: number;
}

/** Options of {@linkcode Tensor.layerNorm} and {@linkcode Tensor.rmsNorm}. */
export interface LayerNormOptions {
  /**
   * What is added to the variance.
   *
   * @default {1e-5}
   */
  readonly epsilon?: number;
}

/** Options of {@linkcode Tensor.windows}. */
export interface WindowsOptions {
  /**
   * The axis along which the windows lie.
   *
   * @default {-1}
   */
  readonly axis?: number;
  /**
   * From one window to the next.
   *
   * @default {1}
   */
  readonly stride?: number;
  /**
   * From one element of a window to the next.
   *
   * @default {1}
   */
  readonly dilation?: number;
}

/** Options of the operators that run along an axis. */
export interface ScanOptions {
  /**
   * Whether an element's own value is left out.
   *
   * @default {false}
   */
  readonly exclusive?: boolean;
  /**
   * Whether they begin at the end of the axis.
   *
   * @default {false}
   */
  readonly reverse?: boolean;
}

/** Options of {@linkcode Tensor.sort} and {@linkcode Tensor.argsort}. */
export interface SortOptions {
  /**
   * Whether the largest element comes first.
   *
   * @default {false}
   */
  readonly descending?: boolean;
}

/** Options of {@linkcode Tensor.topK}. */
export interface TopKOptions {
  /**
   * Whether the largest elements are wanted, rather than the smallest.
   *
   * @default {true}
   */
  readonly largest?: boolean;
}

/** What {@linkcode Tensor.topK} gives. */
export interface TopK {
  /** The elements, in order. */
  readonly values: Tensor;
  /** Where they stand along the axis, `int32`. */
  readonly indices: Tensor;
}

/** Options of {@linkcode Tensor.scaledDotProductAttention}. */
export interface AttentionOptions {
  /**
   * What is added to the scores, or, of dtype `bool`, which of them count: broadcasts to `[..., L, S]`.
   *
   * @default {0}
   */
  readonly mask?: TensorLike;
  /**
   * Whether query i sees no key j > i. It holds beside a mask.
   *
   * @default {false}
   */
  readonly causal?: boolean;
  /** What products of queries and keys are multiplied by; 1/√E if left out. */
  readonly scale?: number;
}

/** Options of {@linkcode Tensor.conv1d} and {@linkcode Tensor.conv2d}. */
export interface ConvOptions extends ConvSettings {
  /** What is added to each channel of the output. */
  readonly bias?: Tensor;
}

/** Options of {@linkcode Tensor.convTranspose2d}. */
export interface ConvTransposeOptions extends ConvTransposeSettings {
  /** What is added to each channel of the output. */
  readonly bias?: Tensor;
}

/** An axis, several, or all of them if left out. Negative ones count from the last. */
export type Axes = number | readonly number[];

/**
 * A lazy array of numbers: methods describe what is to be computed and check dtypes and shapes; nothing
 * is computed before elements are asked for.
 *
 * Element by element, shapes broadcast as in NumPy and dtypes meet as in PyTorch: in the wider one of
 * `bool`, `int8`, `int32`, `float16` or `bfloat16`, `float32`. What is stored in the half types is
 * computed in `float32` and rounded when it is stored; what is stored in `int8` is computed in
 * `int32`, and stays that. Elements that were computed are kept until `dispose()`, the end of a `using` block, or
 * garbage collection; nothing else needs to be freed.
 *
 * @example A computation, described and then run
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor } from "@spiraltorch/spiraltorch";
 *
 * using x = tensor([[1, 2], [3, 4]]);
 * using y = x.matmul(x).add(1);
 * assertEquals(y.shape, [2, 2]);
 * assertEquals(await y.array(), [[8, 11], [16, 23]]);
 * ```
 */
export class Tensor implements Disposable {
  #node: Node;

  /**
   * Constructs a new instance around a node of a graph.
   *
   * @param node What the tensor is.
   */
  constructor(node: Node) {
    this.#node = node;
  }

  /** What the tensor is: data, or how it is computed. */
  get node(): Node {
    return this.#node;
  }

  /** How one element is stored. */
  get dtype(): DType {
    return this.#node.type.dtype;
  }

  /** Sizes per axis. */
  get shape(): Shape {
    return this.#node.type.shape;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Adds, element by element. */
  add(other: TensorLike): Tensor {
    return this.#binary("add", other);
  }

  /** Subtracts, element by element. */
  sub(other: TensorLike): Tensor {
    return this.#binary("sub", other);
  }

  /** Multiplies, element by element. */
  mul(other: TensorLike): Tensor {
    return this.#binary("mul", other);
  }

  /** Divides, element by element; the result holds fractions. */
  div(other: TensorLike): Tensor {
    return this.#binary("div", other);
  }

  /** Raises to a power, element by element; the result holds fractions. */
  pow(other: TensorLike): Tensor {
    return this.#binary("pow", other);
  }

  /** The larger of two elements; a `NaN` passes on. */
  maximum(other: TensorLike): Tensor {
    return this.#binary("maximum", other);
  }

  /** The smaller of two elements; a `NaN` passes on. */
  minimum(other: TensorLike): Tensor {
    return this.#binary("minimum", other);
  }

  /** Brings elements into a range: at least `min`, at most `max`. */
  clamp(min: TensorLike, max: TensorLike): Tensor {
    return this.maximum(min).minimum(max);
  }

  /** Whether elements are equal; a `NaN` equals nothing. */
  equal(other: TensorLike): Tensor {
    return this.#binary("equal", other);
  }

  /** Whether elements differ. */
  notEqual(other: TensorLike): Tensor {
    return this.equal(other).not();
  }

  /** Whether elements are less. */
  less(other: TensorLike): Tensor {
    return this.#binary("less", other);
  }

  /** Whether elements are less or equal. */
  lessOrEqual(other: TensorLike): Tensor {
    return this.#binary("lessOrEqual", other);
  }

  /** Whether elements are greater. */
  greater(other: TensorLike): Tensor {
    return new Tensor(
      binary("less", [toOperand("less", other), this.#node]),
    );
  }

  /** Whether elements are greater or equal. */
  greaterOrEqual(other: TensorLike): Tensor {
    return new Tensor(
      binary("lessOrEqual", [toOperand("lessOrEqual", other), this.#node]),
    );
  }

  /** Whether both elements are true; `bool` only. */
  and(other: Tensor): Tensor {
    return this.#binary("and", other);
  }

  /** Whether one of two elements is true; `bool` only. */
  or(other: Tensor): Tensor {
    return this.#binary("or", other);
  }

  /** Whether elements are false; `bool` only. */
  not(): Tensor {
    return this.#unary("not");
  }

  /** One value where this `bool` tensor is true, another elsewhere. */
  where(whenTrue: TensorLike, whenFalse: TensorLike): Tensor {
    const values = [
      toOperand("where", whenTrue),
      toOperand("where", whenFalse),
    ] as const;
    return new Tensor(where(this.#node, values));
  }

  /** The opposite sign. */
  neg(): Tensor {
    return this.#unary("neg");
  }

  /** Distance from 0. */
  abs(): Tensor {
    return this.#unary("abs");
  }

  /** -1 below 0, 0 at 0, 1 above. */
  sign(): Tensor {
    return this.#unary("sign");
  }

  /** e to the power of each element. */
  exp(): Tensor {
    return this.#unary("exp");
  }

  /** Natural logarithm. */
  log(): Tensor {
    return this.#unary("log");
  }

  /** Square root. */
  sqrt(): Tensor {
    return this.#unary("sqrt");
  }

  /** One over the square root. */
  rsqrt(): Tensor {
    return this.#unary("rsqrt");
  }

  /** Sine of an angle in radians. */
  sin(): Tensor {
    return this.#unary("sin");
  }

  /** Cosine of an angle in radians. */
  cos(): Tensor {
    return this.#unary("cos");
  }

  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return this.#unary("tanh");
  }

  /** Logistic function, 1 / (1 + exp(-x)). */
  sigmoid(): Tensor {
    return this.#unary("sigmoid");
  }

  /** Gauss error function. */
  erf(): Tensor {
    return this.#unary("erf");
  }

  /** Next whole number downwards. */
  floor(): Tensor {
    return this.#unary("floor");
  }

  /** Next whole number upwards. */
  ceil(): Tensor {
    return this.#unary("ceil");
  }

  /** Nearest whole number, halves to the even one. */
  round(): Tensor {
    return this.#unary("round");
  }

  /** Rectified linear unit, max(x, 0). */
  relu(): Tensor {
    return new Tensor(relu(this.#node));
  }

  /** Gaussian error linear unit, x Φ(x). */
  gelu(): Tensor {
    return new Tensor(gelu(this.#node));
  }

  /** Sigmoid linear unit, x / (1 + exp(-x)). */
  silu(): Tensor {
    return new Tensor(silu(this.#node));
  }

  /** The same numbers in another dtype. */
  cast(dtype: DType): Tensor {
    return new Tensor(cast(this.#node, dtype));
  }

  /** Sum along axes. */
  sum(axes?: Axes, options?: ReduceOptions): Tensor {
    return this.#reduce("sum", axes, options);
  }

  /** Product along axes. */
  prod(axes?: Axes, options?: ReduceOptions): Tensor {
    return this.#reduce("prod", axes, options);
  }

  /** Largest element along axes. */
  max(axes?: Axes, options?: ReduceOptions): Tensor {
    return this.#reduce("max", axes, options);
  }

  /** Smallest element along axes. */
  min(axes?: Axes, options?: ReduceOptions): Tensor {
    return this.#reduce("min", axes, options);
  }

  /** Whether one element along axes is true; `bool` only. */
  any(axes?: Axes, options?: ReduceOptions): Tensor {
    return this.#reduce("any", axes, options);
  }

  /** Whether all elements along axes are true; `bool` only. */
  all(axes?: Axes, options?: ReduceOptions): Tensor {
    return this.#reduce("all", axes, options);
  }

  /** Mean along axes. */
  mean(axes?: Axes, options?: ReduceOptions): Tensor {
    const { keepDims = false } = optionsOf<ReduceOptions>("mean", options);
    return new Tensor(mean(this.#node, { axes: axes ?? null, keepDims }));
  }

  /** Variance along axes: of the elements themselves, or estimated with `correction` 1. */
  variance(
    axes?: Axes,
    options?: VarianceOptions,
  ): Tensor {
    const { keepDims = false, correction = 0 } = optionsOf<VarianceOptions>(
      "variance",
      options,
    );
    const attributes = { axes: axes ?? null, keepDims, correction };
    return new Tensor(variance(this.#node, attributes));
  }

  /** Logarithm of the sum of exp along axes, without powers that overflow. */
  logSumExp(axes?: Axes, options?: ReduceOptions): Tensor {
    const { keepDims = false } = optionsOf<ReduceOptions>("logSumExp", options);
    return new Tensor(logSumExp(this.#node, { axes: axes ?? null, keepDims }));
  }

  /** Where along an axis the largest element first stands, `int32`. */
  argmax(axis = -1, options?: ReduceOptions): Tensor {
    const { keepDims = false } = optionsOf<ReduceOptions>("argmax", options);
    return new Tensor(argReduce("argmax", this.#node, { axis, keepDims }));
  }

  /** Where along an axis the smallest element first stands, `int32`. */
  argmin(axis = -1, options?: ReduceOptions): Tensor {
    const { keepDims = false } = optionsOf<ReduceOptions>("argmin", options);
    return new Tensor(argReduce("argmin", this.#node, { axis, keepDims }));
  }

  /** Other sizes, the same elements; one size may be -1. */
  reshape(shape: Shape): Tensor {
    return new Tensor(reshape(this.#node, shape));
  }

  /** Axis `i` of the result is axis `axes[i]`. */
  permute(axes: readonly number[]): Tensor {
    return new Tensor(permute(this.#node, axes));
  }

  /** The axes in reverse, or in the order given. */
  transpose(axes?: readonly number[]): Tensor {
    return new Tensor(permute(this.#node, axes ?? null));
  }

  /** Elements repeated to a larger shape, by broadcasting. */
  expand(shape: Shape): Tensor {
    return new Tensor(expand(this.#node, shape));
  }

  /** The same elements without axes of size 1: those named, or all. */
  squeeze(axes?: Axes): Tensor {
    return new Tensor(squeeze(this.#node, axes ?? null));
  }

  /** The same elements with more axes of size 1, which are where `axes` says in the result. */
  unsqueeze(axes: Axes): Tensor {
    return new Tensor(unsqueeze(this.#node, axes));
  }

  /**
   * Elements of a range along each of the first axes. A whole number takes what stands there, without
   * the axis; `null` takes everything.
   *
   * @example Rows, columns, and every other one backwards
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { tensor } from "@spiraltorch/spiraltorch";
   *
   * const x = tensor([[1, 2, 3], [4, 5, 6]]);
   * assertEquals(await x.slice([1]).array(), [4, 5, 6]);
   * assertEquals(await x.slice([null, [1]]).array(), [[2, 3], [5, 6]]);
   * assertEquals(await x.slice([-1, [null, null, -2]]).array(), [6, 4]);
   * ```
   *
   * @param ranges What to take along each axis.
   * @returns The elements taken.
   * @throws {OptionError} `INVALID_OPTION` if a range is none.
   * @throws {TensorError} `ATTRIBUTE_INVALID` if there are more ranges than axes, a step is 0, or
   * nothing stands at a whole number.
   */
  slice(ranges: readonly SliceRange[]): Tensor {
    return new Tensor(sliceRanges(this.#node, ranges));
  }

  /** What stands at one place of an axis, without the axis. */
  select(index: number, axis = 0): Tensor {
    return new Tensor(select(this.#node, axis, index));
  }

  /** The elements in reverse along axes. */
  flip(axes?: Axes): Tensor {
    return new Tensor(flip(this.#node, axes ?? null));
  }

  /** Windows of `size` elements that slide along an axis; their elements are along a new last axis. */
  windows(
    size: number,
    options?: WindowsOptions,
  ): Tensor {
    const { axis = -1, stride = 1, dilation = 1 } = optionsOf<WindowsOptions>(
      "windows",
      options,
    );
    const attributes = { axis, size, stride, dilation };
    return new Tensor(windows(this.#node, attributes));
  }

  /**
   * The elements with one value around them: along each axis so many before and behind, or as many on
   * both sides. Negative numbers take elements away.
   *
   * @example A frame of zeros
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { tensor } from "@spiraltorch/spiraltorch";
   *
   * const x = tensor([[1, 2]]);
   * assertEquals(await x.pad([1, [0, 2]]).array(), [
   *   [0, 0, 0, 0],
   *   [1, 2, 0, 0],
   *   [0, 0, 0, 0],
   * ]);
   * ```
   *
   * @param widths How many elements are added, for each axis.
   * @param options What is added, and how many go between neighbours.
   * @returns The padded tensor.
   * @throws {OptionError} `INVALID_OPTION` if a width is no number or pair of numbers.
   * @throws {TensorError} `ATTRIBUTE_INVALID` if there is not one for each axis.
   * @throws {ShapeError} `SHAPE_INVALID` if more is taken away than there is.
   */
  pad(widths: readonly PadWidth[], options?: PadOptions): Tensor {
    return new Tensor(padWidths(this.#node, widths, options));
  }

  /** This tensor and others, one after the other along an axis. */
  concat(others: Tensor | readonly Tensor[], axis = 0): Tensor {
    return new Tensor(concat(this.#beside("concat", others), axis));
  }

  /** This tensor and others of its shape, side by side along a new axis. */
  stack(others: Tensor | readonly Tensor[], axis = 0): Tensor {
    return new Tensor(stack(this.#beside("stack", others), axis));
  }

  /** Parts along an axis: so many of equal size, or of the sizes given. */
  split(parts: number | readonly number[], axis = 0): Tensor[] {
    return splitNode(this.#node, parts, axis).map((node) => new Tensor(node));
  }

  /** What stands at each place of an axis, without the axis. */
  unstack(axis = 0): Tensor[] {
    return unstackNode(this.#node, axis).map((node) => new Tensor(node));
  }

  /** The largest element of each window over the last axis. */
  maxPool1d(kernel: number, options?: MaxPoolOptions): Tensor {
    return new Tensor(
      maxPoolOver(this.#node, 1, {
        kernel,
        ...optionsOf("maxPool1d", options),
      }),
    );
  }

  /**
   * The largest element of each window over the last two axes; see `torch.nn.functional.max_pool2d`.
   * The gradient of a window goes to its first largest element.
   *
   * @example Half as high, half as wide
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { arange } from "@spiraltorch/spiraltorch";
   *
   * const x = arange(0, 16).reshape([1, 1, 4, 4]);
   * assertEquals(await x.maxPool2d(2).array(), [[[[5, 7], [13, 15]]]]);
   * ```
   *
   * @param kernel Elements a window along both axes, or along each.
   * @param options How the windows lie; side by side if left out.
   * @returns One element a window.
   * @throws {OptionError} `INVALID_OPTION` if a setting is no whole number or pair of such.
   * @throws {TensorError} `ATTRIBUTE_INVALID` if windows do not fit.
   */
  maxPool2d(kernel: PoolSize, options?: MaxPoolOptions): Tensor {
    return new Tensor(
      maxPoolOver(this.#node, 2, {
        kernel,
        ...optionsOf("maxPool2d", options),
      }),
    );
  }

  /** The mean of each window over the last axis. */
  avgPool1d(kernel: number, options?: AvgPoolOptions): Tensor {
    return new Tensor(
      avgPoolOver(this.#node, 1, {
        kernel,
        ...optionsOf("avgPool1d", options),
      }),
    );
  }

  /** The mean of each window over the last two axes; see `torch.nn.functional.avg_pool2d`. */
  avgPool2d(kernel: PoolSize, options?: AvgPoolOptions): Tensor {
    return new Tensor(
      avgPoolOver(this.#node, 2, {
        kernel,
        ...optionsOf("avgPool2d", options),
      }),
    );
  }

  /** The means of so many parts of the last two axes, or of a number of parts for each. */
  adaptiveAvgPool2d(outputSize: PoolSize): Tensor {
    return new Tensor(adaptiveAvgPoolOver(this.#node, 2, outputSize));
  }

  /** The element that an `int32` index points at along an axis. */
  gather(index: Tensor, axis: number): Tensor {
    return new Tensor(gather(this.#node, toNode("gather", index), axis));
  }

  /** The elements added into zeros of a size where an `int32` index points along an axis. */
  scatterAdd(index: Tensor, axis: number, size: number): Tensor {
    const places = toNode("scatterAdd", index);
    return new Tensor(scatterAdd(this.#node, places, { axis, size }));
  }

  /** A line for each `int32` index: 1 where it points, 0 elsewhere. */
  oneHot(classes: number): Tensor {
    return new Tensor(oneHot(this.#node, classes));
  }

  /** The sum so far along an axis. */
  cumsum(axis = -1, options?: ScanOptions): Tensor {
    return this.#scan("cumsum", axis, options);
  }

  /** The product so far along an axis. */
  cumprod(axis = -1, options?: ScanOptions): Tensor {
    return this.#scan("cumprod", axis, options);
  }

  /** The largest element so far along an axis. */
  cummax(axis = -1, options?: ScanOptions): Tensor {
    return this.#scan("cummax", axis, options);
  }

  /** The smallest element so far along an axis. */
  cummin(axis = -1, options?: ScanOptions): Tensor {
    return this.#scan("cummin", axis, options);
  }

  /** The elements along an axis in order; `NaN` counts as the largest. */
  sort(axis = -1, options?: SortOptions): Tensor {
    const { descending = false } = optionsOf<SortOptions>("sort", options);
    return new Tensor(sort(this.#node, { axis, descending }));
  }

  /** Where the elements along an axis stand, in their order; equal ones stay in order. */
  argsort(axis = -1, options?: SortOptions): Tensor {
    const { descending = false } = optionsOf<SortOptions>("argsort", options);
    return new Tensor(argsort(this.#node, { axis, descending }));
  }

  /** The largest or smallest elements along an axis, in order, and where they stand. */
  topK(k: number, axis = -1, options?: TopKOptions): TopK {
    const { largest = true } = optionsOf<TopKOptions>("topK", options);
    const indices = argTopK(this.#node, { axis, k, largest });
    const values = gather(this.#node, indices, axis);
    return { values: new Tensor(values), indices: new Tensor(indices) };
  }

  /** The slices that `int32` indices point at along an axis. */
  take(indices: Tensor, axis = 0): Tensor {
    return new Tensor(take(this.#node, toNode("take", indices), axis));
  }

  /** Matrix product over the last two axes; leading axes broadcast. */
  matmul(other: Tensor): Tensor {
    return new Tensor(matmul(this.#node, toNode("matmul", other)));
  }

  /** The dot product over this tensor's last axis and the other's last but one, or its only one. */
  dot(other: Tensor): Tensor {
    return new Tensor(dot(this.#node, toNode("dot", other)));
  }

  /** Sums of products in Einstein's notation; this tensor is the first operand. */
  einsum(spec: string, ...others: readonly Tensor[]): Tensor {
    return new Tensor(einsum(spec, this.#beside("einsum", others)));
  }

  /**
   * Weighted sums of windows that move over lines, `[n, c, in]` by weights `[o, c / groups, kernel]`.
   *
   * @param weight The weights.
   * @param options Steps, padding, groups and bias.
   * @returns The sums, `[n, o, out]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  conv1d(weight: Tensor, options?: ConvOptions): Tensor {
    return this.#conv("conv1d", weight, options);
  }

  /**
   * Weighted sums of windows that move over images, `[n, c, ...in]` by weights
   * `[o, c / groups, ...kernel]`.
   *
   * @example Sums of neighbours
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ones, tensor } from "@spiraltorch/spiraltorch";
   *
   * const image = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).reshape([1, 1, 3, 3]);
   * const sums = image.conv2d(ones([1, 1, 2, 2]));
   * assertEquals(await sums.array(), [[[[12, 16], [24, 28]]]]);
   * ```
   *
   * @param weight The weights.
   * @param options Steps, padding, groups and bias.
   * @returns The sums, `[n, o, ...out]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
   */
  conv2d(weight: Tensor, options?: ConvOptions): Tensor {
    return this.#conv("conv2d", weight, options);
  }

  /**
   * Windows of weights that are added up where an image points, as the gradient of `conv2d` does it:
   * `[n, c, ...in]` by weights `[c, o / groups, ...kernel]`.
   *
   * @param weight The weights.
   * @param options Steps, what is cut off and added, groups and bias.
   * @returns The sums, `[n, o, ...out]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
   */
  convTranspose2d(
    weight: Tensor,
    options?: ConvTransposeOptions,
  ): Tensor {
    const name = "convTranspose2d";
    const { bias, ...settings } = optionsOf<ConvTransposeOptions>(
      name,
      options,
    );
    const attributes = convTransposeAttributes(2, settings);
    const y = convTranspose2d(this.#node, toNode(name, weight), attributes);
    if (bias === undefined) return new Tensor(y);
    return new Tensor(addBias(name, y, { bias: toNode(name, bias), axes: 2 }));
  }

  /** Exponentials along an axis, divided by their sum. */
  softmax(axis = -1): Tensor {
    return new Tensor(softmax(this.#node, axis));
  }

  /** Elements with mean 0 and variance 1 along axes. */
  layerNorm(
    axes: Axes = -1,
    options?: LayerNormOptions,
  ): Tensor {
    const { epsilon = 1e-5 } = optionsOf<LayerNormOptions>(
      "layerNorm",
      options,
    );
    return new Tensor(layerNorm(this.#node, { axes, epsilon }));
  }

  /** Elements over the root of their mean square along axes. */
  rmsNorm(axes: Axes = -1, options?: LayerNormOptions): Tensor {
    const { epsilon = 1e-5 } = optionsOf<LayerNormOptions>("rmsNorm", options);
    return new Tensor(rmsNorm(this.#node, { axes, epsilon }));
  }

  /** Means of values, weighted by how well these queries match keys. */
  scaledDotProductAttention(
    key: Tensor,
    value: Tensor,
    options?: AttentionOptions,
  ): Tensor {
    const name = "scaledDotProductAttention";
    const { mask = 0, causal = false, scale } = optionsOf<AttentionOptions>(
      name,
      options,
    );
    const inputs = {
      query: this.#node,
      key: toNode(name, key),
      value: toNode(name, value),
      mask: toOperand(name, mask),
    };
    const attributes = { causal, scale: scale ?? null };
    return new Tensor(scaledDotProductAttention(inputs, attributes));
  }

  /** Logarithm of softmax along an axis. */
  logSoftmax(axis = -1): Tensor {
    return new Tensor(logSoftmax(this.#node, axis));
  }

  /**
   * Computes the tensor and lets go of how it was computed: from now on it is data, and a constant
   * for gradients. Reading elements computes the tensor too, but keeps that.
   *
   * @returns The tensor itself.
   */
  async realize(): Promise<this> {
    this.#node = await this.#computed();
    return this;
  }

  /**
   * Computes the tensor and copies its elements to the host, row by row; those of half types as
   * `float32`.
   *
   * @returns The elements.
   */
  async data(): Promise<HostArray> {
    const elements = await this.#elements();
    const copy = hostArray(this.dtype, elements.length);
    copy.set(elements);
    return copy;
  }

  /**
   * Computes the tensor and copies its elements into nested arrays.
   *
   * @returns The elements, as deep as the tensor has axes; a number for a scalar.
   */
  async array(): Promise<NestedNumbers> {
    return nest(await this.#elements(), this.shape);
  }

  /**
   * Computes the tensor and gives its only element.
   *
   * @returns The element.
   * @throws {TensorError} `NOT_SCALAR` if there is not exactly one.
   */
  async item(): Promise<number> {
    if (this.size !== 1) throw notScalar("take the item", this.shape);
    const [element] = await this.#elements();
    return element!;
  }

  /** Gives the memory back, and makes the tensor useless. Tensors computed from it keep theirs. */
  dispose(): void {
    const result = realizedOr(this.#node);
    if (result.kind !== "data") return;
    result.storage[Symbol.dispose]();
    this.#node = result;
  }

  /** Gives the memory back, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  // Notebooks show its elements, computed for that; of a large tensor a corner.
  static {
    defineDisplay(Tensor.prototype, displayTensor);
  }

  /**
   * Describes the tensor in one line.
   *
   * @returns Text such as `Tensor float32[2,3]`.
   */
  toString(): string {
    if (this.#node.type === UNKNOWN_TYPE) return "Tensor (traced)";
    return `Tensor ${this.dtype}[${this.shape}]`;
  }

  /** What the console shows beside the class name. */
  get [Symbol.toStringTag](): string {
    return this.toString().slice("Tensor ".length);
  }

  #beside(operator: string, others: Tensor | readonly Tensor[]): Node[] {
    const list: readonly unknown[] = Array.isArray(others) ? others : [others];
    return [this.#node, ...toNodes(operator, list)];
  }

  #unary(name: UnaryName): Tensor {
    return new Tensor(unary(name, this.#node));
  }

  #binary(name: BinaryName, other: TensorLike): Tensor {
    return new Tensor(binary(name, [this.#node, toOperand(name, other)]));
  }

  #conv(
    name: ConvName,
    weight: Tensor,
    options: ConvOptions | undefined,
  ): Tensor {
    const { bias, ...settings } = optionsOf<ConvOptions>(name, options);
    const inputs = [this.#node, toNode(name, weight)] as const;
    const added = bias === undefined ? bias : toNode(name, bias);
    return new Tensor(convWithBias(name, inputs, { settings, bias: added }));
  }

  #reduce(
    name: ReduceName,
    axes: Axes | undefined,
    options?: ReduceOptions,
  ): Tensor {
    const { keepDims = false } = optionsOf<ReduceOptions>(name, options);
    return new Tensor(
      reduce(name, this.#node, { axes: axes ?? null, keepDims }),
    );
  }

  #scan(
    name: ScanName,
    axis: number,
    options?: ScanOptions,
  ): Tensor {
    const { exclusive = false, reverse = false } = optionsOf<ScanOptions>(
      name,
      options,
    );
    return new Tensor(scan(name, this.#node, { axis, exclusive, reverse }));
  }

  async #computed(): Promise<DataNode> {
    // Only here, so that a function can be traced where nothing can be computed.
    const { realizeNodes } = await import("./realize/run.ts");
    const [data] = await realizeNodes([this.#node]);
    return data!;
  }

  async #elements(): Promise<HostElements> {
    return (await this.#computed()).storage.elements();
  }
}

/**
 * Takes a tensor or a number as the input of a call. Callers may have got it from anywhere, whatever
 * its type says.
 *
 * @param operator Name of the operator, for the message.
 * @param value The input.
 * @returns What `apply` takes.
 * @throws {OptionError} `INVALID_OPTION` if it is neither.
 */
export function toOperand(operator: string, value: unknown): Operand {
  if (typeof value === "number") return value;
  if (value instanceof Tensor) return value.node;
  throw invalidOption(`an input of ${operator}`, value, "a tensor or a number");
}

/**
 * Takes a tensor where nothing else will do. Callers may have got it from anywhere, whatever its type
 * says.
 *
 * @param operation What takes it, for the message.
 * @param value The tensor.
 * @returns Its node.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function toNode(operation: string, value: unknown): Node {
  if (value instanceof Tensor) return value.node;
  throw invalidOption(`an input of ${operation}`, value, "a tensor");
}

/**
 * Takes a list of tensors as the nodes that describe them.
 *
 * @param operation What takes them, for the message.
 * @param values What the caller passed.
 * @returns The nodes.
 * @throws {OptionError} `INVALID_OPTION` if it is no list of tensors.
 */
export function toNodes(operation: string, values: unknown): Node[] {
  if (Array.isArray(values)) {
    // Not map(), which passes over holes.
    return Array.from(values, (value) => toNode(operation, value));
  }
  throw invalidOption(
    `the inputs of ${operation}`,
    values,
    "a list of tensors",
  );
}

async function displayTensor(tensor: Tensor): Promise<MediaBundle> {
  const { dtype, shape } = tensor;
  const { displayedRanges, displayElements } = await import(
    "./inspect/display_elements.ts"
  );
  const corner = quietly(() => tensor.slice(displayedRanges(shape)));
  return displayElements({ dtype, shape, elements: await corner.data() });
}

/** Cuts a flat list into nested arrays. */
function nest(elements: HostElements, shape: Shape): NestedNumbers {
  let level: readonly NestedNumbers[] = [...elements];
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const [lines, size] = [level, shape[axis]!];
    const count = sizeOf(shape.slice(0, axis));
    level = Array.from(
      { length: count },
      (_, i) => lines.slice(i * size, (i + 1) * size),
    );
  }
  return shape.length === 0 ? level[0]! : level;
}
