/**
 * Transforms of complex numbers.
 *
 * @module
 */
import { fft as fftNode } from "../builtin/fft.ts";
import type { FourierNormalization } from "../builtin/fourier_axes.ts";
import { invalidOption, optionsOf } from "../../core/base/mod.ts";
import type { Operand } from "../apply.ts";
import type { Node } from "../graph/node.ts";
import { select } from "../builtin/select.ts";
import { Tensor, toNode } from "../tensor.ts";
import { resizeAxis } from "./resize_axis.ts";

/** Complex numbers: two tensors of one shape. */
export type Complex = {
  /** The real parts. */
  readonly real: Tensor;
  /** The imaginary parts. */
  readonly imaginary: Tensor;
};

/** Complex numbers, or real ones. */
export type ComplexLike = Complex | Tensor;

/**
 * Where a transform and its inverse divide: `backward`, the inverse by the size; `forward`, the transform
 * by the size; `ortho`, both by its root, so that both keep the sum of squares.
 */
export type FftNormalization = "backward" | "forward" | "ortho";

/** Options of transforms along one axis. */
export interface FftOptions {
  /**
   * The axis.
   *
   * @default {-1}
   */
  readonly axis?: number;
  /** To how many places the axis is cut, or filled up with zeros, before; all that it has if left out. */
  readonly size?: number;
  /**
   * Where the size divides.
   *
   * @default {"backward"}
   */
  readonly norm?: FftNormalization;
}

/** Options of transforms along two axes. */
export interface Fft2Options {
  /**
   * The axes.
   *
   * @default {[-2, -1]}
   */
  readonly axes?: readonly [number, number];
  /**
   * Where the size divides.
   *
   * @default {"backward"}
   */
  readonly norm?: FftNormalization;
}

/**
 * Transforms numbers along an axis: `y_k = Σ_j x_j exp(-2πi j k / n)`.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n, ...]`, for any `n` from 1.
 *
 * **Numerics**: the error, relative to the root of the mean square, is about 3e-7, or twice that where `n`
 * has a prime factor above 128.
 *
 * **Cost**: a million places take about 40 ms on two cores; with a prime factor above 128 three to four
 * times as much.
 *
 * **Source**: NumPy `fft.fft`.
 *
 * @example A wave, and its frequency
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { fft, tensor } from "@spiraltorch/spiraltorch";
 *
 * const { real } = fft.fft(tensor([1, 0, -1, 0]));
 * const [still, once] = await real.data();
 * assertAlmostEquals(still!, 0, 1e-6);
 * assertAlmostEquals(once!, 2, 1e-6);
 * ```
 *
 * @param x The numbers, `float32`.
 * @param options Which axis, how many places, and where the size divides.
 * @returns The transforms.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if it is empty.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the numbers are not `float32`.
 */
export function fft(x: ComplexLike, options?: FftOptions): Complex {
  return alongOne("fft", x, options);
}

/**
 * Transforms numbers back along an axis: `y_j = 1/n Σ_k x_k exp(2πi j k / n)`, the inverse of
 * {@linkcode fft}.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n, ...]`.
 *
 * **Source**: NumPy `fft.ifft`.
 *
 * @param x The numbers, `float32`.
 * @param options Which axis, how many places, and where the size divides.
 * @returns The transforms.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if it is empty.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function ifft(x: ComplexLike, options?: FftOptions): Complex {
  return alongOne("ifft", x, options);
}

/**
 * Transforms numbers along two axes.
 *
 * **Shapes**: `x [..., m, n] -> y [..., m, n]`.
 *
 * **Cost**: 512 × 512 places take about 4 ms on two cores.
 *
 * **Source**: NumPy `fft.fft2`.
 *
 * @param x The numbers, `float32`.
 * @param options Which axes, and where the size divides.
 * @returns The transforms.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if one is empty.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if both axes are the same.
 * @throws {OptionError} `INVALID_OPTION` if `norm` is none of the three.
 */
export function fft2(x: ComplexLike, options?: Fft2Options): Complex {
  return alongTwo("fft2", x, options);
}

/**
 * Transforms numbers back along two axes: the inverse of {@linkcode fft2}.
 *
 * **Shapes**: `x [..., m, n] -> y [..., m, n]`.
 *
 * **Source**: NumPy `fft.ifft2`.
 *
 * @param x The numbers, `float32`.
 * @param options Which axes, and where the size divides.
 * @returns The transforms.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if one is empty.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if both axes are the same.
 * @throws {OptionError} `INVALID_OPTION` if `norm` is none of the three.
 */
export function ifft2(x: ComplexLike, options?: Fft2Options): Complex {
  return alongTwo("ifft2", x, options);
}

function alongOne(
  name: "fft" | "ifft",
  x: ComplexLike,
  options: FftOptions | undefined,
): Complex {
  const { axis = -1, size, norm } = optionsOf<FftOptions>(name, options);
  const isInverse = name === "ifft";
  const [real, imaginary] = toParts(name, x).map((part) =>
    typeof part === "number" ? part : resizeAxis(name, part, { axis, size })
  ) as [Node, Operand];
  return toComplex(
    fftNode([real, imaginary], {
      axes: [axis],
      isInverse,
      normalization: normalizationOf(name, norm, isInverse),
    }),
  );
}

function alongTwo(
  name: "fft2" | "ifft2",
  x: ComplexLike,
  options: Fft2Options | undefined,
): Complex {
  const { axes = [-2, -1], norm } = optionsOf<Fft2Options>(name, options);
  const isInverse = name === "ifft2";
  return toComplex(
    fftNode(toParts(name, x), {
      axes: axisPair(name, axes),
      isInverse,
      normalization: normalizationOf(name, norm, isInverse),
    }),
  );
}

/**
 * Takes the parts of numbers that callers may have got from anywhere.
 *
 * @param operation What takes them, for messages.
 * @param x The numbers.
 * @returns Real and imaginary parts; the latter are the number 0 where numbers are real.
 * @throws {OptionError} `INVALID_OPTION` if they are neither a tensor nor two.
 */
export function toParts(
  operation: string,
  x: ComplexLike,
): readonly [real: Node, imaginary: Operand] {
  if (x instanceof Tensor) return [x.node, 0];
  const { real, imaginary }: Partial<Complex> = x ?? {};
  return [toNode(operation, real), toNode(operation, imaginary)];
}

/**
 * Takes parts that lie beside each other apart.
 *
 * @param packed The parts, `[2, ...]`.
 * @returns The numbers.
 */
export function toComplex(packed: Node): Complex {
  return {
    real: new Tensor(select(packed, 0, 0)),
    imaginary: new Tensor(select(packed, 0, 1)),
  };
}

/**
 * Tells what one direction of a transform divides by.
 *
 * @param operation What is transformed, for messages.
 * @param norm What the caller passed.
 * @param isInverse Which direction.
 * @returns What it divides by.
 * @throws {OptionError} `INVALID_OPTION` if it is none of the three.
 */
export function normalizationOf(
  operation: string,
  norm: FftNormalization | undefined,
  isInverse: boolean,
): FourierNormalization {
  switch (norm) {
    case undefined:
    case "backward":
      return isInverse ? "size" : "none";
    case "forward":
      return isInverse ? "none" : "size";
    case "ortho":
      return "root";
    default:
      throw invalidOption(
        `${operation} norm`,
        norm,
        '"backward", "forward" or "ortho"',
      );
  }
}

/**
 * Requires two axes.
 *
 * @param operation What is transformed, for messages.
 * @param axes What the caller passed.
 * @returns The axes.
 * @throws {OptionError} `INVALID_OPTION` if they are not two.
 */
export function axisPair(
  operation: string,
  axes: unknown,
): readonly [number, number] {
  if (Array.isArray(axes) && axes.length === 2) return [axes[0], axes[1]];
  throw invalidOption(`${operation} axes`, axes, "two axes");
}
