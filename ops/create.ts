/**
 * Ways to make a tensor.
 *
 * @module
 */
import {
  assertShape,
  type DType,
  DTYPES,
  type HostArray,
  invalidOption,
  isFloatDType,
  isHalfDType,
  itemBytes,
  optionsOf,
  roundHalf,
  type Shape,
  sizeOf,
  valueDType,
} from "../core/base/mod.ts";
import type { HostElements } from "../kernels/mod.ts";
import { add, div, mul } from "./builtin/binary.ts";
import { cast } from "./builtin/cast.ts";
import { iota } from "./builtin/iota.ts";
import { tensorDataInvalid } from "./errors.ts";
import { convertElements, fromTypedArray } from "./convert_elements.ts";
import { constant } from "./graph/node.ts";
import { Storage } from "./storage.ts";
import { Tensor, toNode } from "./tensor.ts";

/** Elements in nested arrays of equal lengths, or flat. */
export type TensorData =
  | number
  | boolean
  | HostArray
  | Float16Array
  | Float64Array
  | readonly TensorData[];

/** Options of {@linkcode tensor}. */
export interface TensorOptions {
  /** Sizes per axis; as the data is nested if left out. */
  readonly shape?: Shape;
  /**
   * How elements are stored. If left out: `bool` for truth values, `int32` for `Int32Array` and
   * `Uint8Array`, `int8` for `Int8Array`, `float16` for `Float16Array`, else `float32`.
   */
  readonly dtype?: DType;
}

/**
 * Makes a tensor from elements. They are copied.
 *
 * A `Float64Array` keeps its precision on backends that compute in `float64`. For half types numbers
 * are rounded to the nearest, halves to the even one.
 *
 * @example From nested and from flat data
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(tensor([[1, 2, 3], [4, 5, 6]]).shape, [2, 3]);
 * assertEquals(tensor(Int32Array.of(1, 2, 3, 4), { shape: [2, 2] }).dtype, "int32");
 * ```
 *
 * @param data The elements.
 * @param options Shape and dtype.
 * @returns The tensor.
 * @throws {TensorError} `TENSOR_DATA_INVALID` if nested arrays differ in length, an element is not a
 * number or truth value, or the number of elements is not that of the shape.
 * @throws {ShapeError} `SHAPE_INVALID` if the shape is none.
 */
export function tensor(
  data: TensorData,
  options?: TensorOptions,
): Tensor {
  const { shape, dtype } = optionsOf<TensorOptions>("tensor", options);
  if (dtype !== undefined) assertDType("tensor", dtype);
  const found = ArrayBuffer.isView(data)
    ? { shape: [data.length], ...fromTypedArray(data) }
    : flatten(data);
  assertShape("tensor", shape ?? found.shape);
  const type = {
    dtype: dtype ?? found.dtype,
    shape: [...shape ?? found.shape],
  };
  if (sizeOf(type.shape) !== found.elements.length) {
    throw tensorDataInvalid(
      `found ${found.elements.length} elements, wanted ${
        sizeOf(type.shape)
      } for shape [${type.shape}]`,
      { found: found.elements.length, shape: type.shape },
    );
  }
  const host = convertElements(found.elements, type.dtype);
  return new Tensor({
    kind: "data",
    storage: new Storage({ dtype: type.dtype, host }),
    type,
  });
}

function assertDType(operation: string, dtype: unknown): void {
  if ((DTYPES as readonly unknown[]).includes(dtype)) return;
  throw invalidOption(
    `dtype of ${operation}`,
    dtype,
    DTYPES.map((name) => `"${name}"`).join(" or "),
  );
}

interface Flat {
  readonly shape: Shape;
  readonly elements: HostElements;
  readonly dtype: DType;
}

/** Reads nested arrays row by row; every list at one depth must have one length. */
function flatten(data: number | boolean | readonly TensorData[]): Flat {
  const shape: number[] = [];
  for (
    let level: TensorData | undefined = data;
    isList(level);
    level = level[0]
  ) {
    shape.push(level.length);
  }
  const elements: number[] = [];
  let truths = 0;
  function visit(value: TensorData, depth: number): void {
    if (isList(value)) {
      if (value.length !== shape[depth]) {
        throw tensorDataInvalid(
          `found a list of ${value.length} at depth ${depth}, wanted ${
            shape[depth] ?? "a number"
          } as in its neighbours`,
          { depth, found: value.length },
        );
      }
      for (const element of value) visit(element, depth + 1);
      return;
    }
    const isElement = typeof value === "number" || typeof value === "boolean";
    if (!isElement || depth !== shape.length) {
      throw tensorDataInvalid(
        `found ${
          isElement ? `a number at depth ${depth}` : typeof value
        }, wanted numbers or truth values at depth ${shape.length}`,
        { depth, found: typeof value },
      );
    }
    if (typeof value === "boolean") truths++;
    elements.push(Number(value));
  }
  visit(data, 0);
  const isTruth = truths > 0 && truths === elements.length;
  return {
    shape,
    elements: Float64Array.from(elements),
    dtype: isTruth ? "bool" : "float32",
  };
}

function isList(
  value: TensorData | undefined,
): value is Exclude<TensorData, number | boolean> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Options of the functions that make a tensor from a shape. */
export interface FillOptions {
  /**
   * How elements are stored.
   *
   * @default {"float32"}
   */
  readonly dtype?: DType;
}

/**
 * Makes a tensor with the same number everywhere. It takes no memory until it is realized.
 *
 * @param shape Sizes per axis.
 * @param value The number.
 * @param options The dtype.
 * @returns The tensor.
 * @throws {ShapeError} `SHAPE_INVALID` if the shape is none.
 * @throws {OptionError} `INVALID_OPTION` if the dtype cannot hold the number.
 */
export function full(
  shape: Shape,
  value: number,
  options?: FillOptions,
): Tensor {
  const { dtype = "float32" } = optionsOf<FillOptions>("full", options);
  assertShape("full", shape);
  assertDType("full", dtype);
  if (dtype === "bool" && value !== 0 && value !== 1) {
    throw invalidOption("full value", value, '0 or 1 for "bool"');
  }
  const bits = 8 * itemBytes(dtype);
  const isWhole = valueDType(dtype) === "int32";
  if (isWhole && value !== value << (32 - bits) >> (32 - bits)) {
    throw invalidOption(
      "full value",
      value,
      `a whole number of ${bits} bits for "${dtype}"`,
    );
  }
  // Nothing else rounds it: a number in a graph is exact.
  const held = isHalfDType(dtype) ? roundHalf(value, dtype) : value;
  return new Tensor(constant(held, { dtype, shape: [...shape] }));
}

/**
 * Makes a tensor of zeros.
 *
 * @param shape Sizes per axis.
 * @param options The dtype.
 * @returns The tensor.
 * @throws {ShapeError} `SHAPE_INVALID` if the shape is none.
 */
export function zeros(shape: Shape, options?: FillOptions): Tensor {
  return full(shape, 0, options);
}

/**
 * Makes a tensor of ones.
 *
 * @param shape Sizes per axis.
 * @param options The dtype.
 * @returns The tensor.
 * @throws {ShapeError} `SHAPE_INVALID` if the shape is none.
 */
export function ones(shape: Shape, options?: FillOptions): Tensor {
  return full(shape, 1, options);
}

/** Options of {@linkcode arange}. */
export interface ArangeOptions extends FillOptions {
  /**
   * Difference between neighbours.
   *
   * @default {1}
   */
  readonly step?: number;
}

/**
 * Makes evenly spaced numbers: `start`, `start + step`, … below `stop`.
 *
 * @example Counting, and counting in halves
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arange } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await arange(0, 4, { dtype: "int32" }).array(), [0, 1, 2, 3]);
 * assertEquals(await arange(1, 2, { step: 0.5 }).array(), [1, 1.5]);
 * ```
 *
 * @param start The first number.
 * @param stop The end, which is not included.
 * @param options Step and dtype.
 * @returns The numbers, `[ceil((stop - start) / step)]`.
 * @throws {OptionError} `INVALID_OPTION` if a number is not finite, or the step is 0.
 */
export function arange(
  start: number,
  stop: number,
  options?: ArangeOptions,
): Tensor {
  const { step = 1, dtype = "float32" } = optionsOf<ArangeOptions>(
    "arange",
    options,
  );
  assertDType("arange", dtype);
  if (!Number.isFinite(step) || step === 0) {
    throw invalidOption("arange step", step, "a finite number other than 0");
  }
  if (!Number.isFinite(start) || !Number.isFinite(stop)) {
    throw invalidOption("arange range", [start, stop], "two finite numbers");
  }
  const size = Math.max(0, Math.ceil((stop - start) / step));
  const isWhole = !isFloatDType(dtype) && Number.isInteger(start) &&
    Number.isInteger(step);
  const places = cast(iota(size), isWhole ? "int32" : "float32");
  return new Tensor(cast(add(mul(places, step), start), dtype));
}

/**
 * Makes evenly spaced numbers from `start` to `stop`, both included.
 *
 * @param start The first number.
 * @param stop The last number.
 * @param count How many, at least 2.
 * @returns The numbers, `[count]`.
 * @throws {OptionError} `INVALID_OPTION` if `count` is not a whole number from 2, or an end is not
 * finite.
 */
export function linspace(start: number, stop: number, count: number): Tensor {
  if (!Number.isSafeInteger(count) || count < 2) {
    throw invalidOption("linspace count", count, "a whole number from 2");
  }
  if (!Number.isFinite(start) || !Number.isFinite(stop)) {
    throw invalidOption("linspace range", [start, stop], "two finite numbers");
  }
  // A quotient rather than a product with 1 / (count - 1), so that the last share is exactly 1.
  const share = div(cast(iota(count), "float32"), count - 1);
  // Weighted from both ends, so that the last number is exactly `stop`.
  const fromStop = mul(share, stop);
  const fromStart = mul(add(mul(share, -1), 1), start);
  return new Tensor(add(fromStart, fromStop));
}

/**
 * Makes a square matrix with ones on the diagonal.
 *
 * @param size Rows and columns.
 * @param options The dtype.
 * @returns The matrix, `[size, size]`.
 */
export function eye(
  size: number,
  options?: FillOptions,
): Tensor {
  const { dtype = "float32" } = optionsOf<FillOptions>("eye", options);
  const count = new Tensor(iota(size));
  return count.reshape([size, 1]).equal(count).cast(dtype);
}

/**
 * Chooses between two tensors, element by element.
 *
 * @param condition Where to choose the first, `bool`.
 * @param whenTrue The first.
 * @param whenFalse The second.
 * @returns The choice, of the broadcast shape.
 */
export function where(
  condition: Tensor,
  whenTrue: Tensor | number,
  whenFalse: Tensor | number,
): Tensor {
  return new Tensor(toNode("where", condition)).where(whenTrue, whenFalse);
}
