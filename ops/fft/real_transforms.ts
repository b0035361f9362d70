/**
 * Transforms of real numbers, of which the first half says everything.
 *
 * @module
 */
import { optionsOf, resolveAxis } from "../../core/base/mod.ts";
import type { Operand } from "../apply.ts";
import { fft as fftNode } from "../builtin/fft.ts";
import { irfft as irfftNode, rfft as rfftNode } from "../builtin/real_fft.ts";
import { select } from "../builtin/select.ts";
import type { Node } from "../graph/node.ts";
import { Tensor, toNode } from "../tensor.ts";
import {
  axisPair,
  type Complex,
  type ComplexLike,
  type Fft2Options,
  type FftNormalization,
  type FftOptions,
  normalizationOf,
  toComplex,
  toParts,
} from "./complex_transforms.ts";
import { resizeAxis } from "./resize_axis.ts";

/**
 * Transforms real numbers along an axis: the first `n / 2 + 1` places of what `fft` gives; the others are
 * conjugates of these.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n / 2 + 1, ...]`, rounded down.
 *
 * **Cost**: half of `fft`, where `n` is even.
 *
 * **Source**: NumPy `fft.rfft`.
 *
 * @example Two samples: their sum and their difference
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fft, tensor } from "@spiraltorch/spiraltorch";
 *
 * const { real } = fft.rfft(tensor([5, 3]));
 * assertEquals(await real.array(), [8, 2]);
 * ```
 *
 * @param x The numbers, `float32`.
 * @param options Which axis, how many places, and where the size divides.
 * @returns The first half of the transforms.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if it is empty.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function rfft(x: Tensor, options?: FftOptions): Complex {
  const { axis = -1, size, norm } = optionsOf<FftOptions>("rfft", options);
  const lines = resizeAxis("rfft", toNode("rfft", x), { axis, size });
  const normalization = normalizationOf("rfft", norm, false);
  return toComplex(rfftNode(lines, { axis, normalization }));
}

/**
 * Transforms the first half back to real numbers along an axis: the inverse of {@linkcode rfft}.
 *
 * **Shapes**: `x [..., n / 2 + 1, ...] -> y [..., n, ...]`, where `n` is `size`; if left out, even.
 *
 * **Source**: NumPy `fft.irfft`.
 *
 * @example There and back, for an odd size
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { fft, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([1, 2, 4]);
 * const y = fft.irfft(fft.rfft(x), { size: 3 });
 * const [, , last] = await y.data();
 * assertAlmostEquals(last!, 4, 1e-6);
 * ```
 *
 * @param x The first half, `float32`.
 * @param options Which axis, how many places there are afterwards, and where the size divides.
 * @returns The real numbers.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if it is empty.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if there would be no places.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function irfft(x: ComplexLike, options?: FftOptions): Tensor {
  const { axis = -1, size, norm } = optionsOf<FftOptions>("irfft", options);
  const parts = toParts("irfft", x);
  return new Tensor(restore("irfft", parts, { axis, size, norm }));
}

/**
 * Transforms real numbers along two axes: the first half along the last of them.
 *
 * **Shapes**: `x [..., m, n] -> y [..., m, n / 2 + 1]`.
 *
 * **Source**: NumPy `fft.rfft2`.
 *
 * @param x The numbers, `float32`.
 * @param options Which axes, and where the size divides.
 * @returns The first half of the transforms.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if one is empty.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function rfft2(x: Tensor, options?: Fft2Options): Complex {
  const { axes = [-2, -1], norm } = optionsOf<Fft2Options>("rfft2", options);
  const [first, axis] = axisPair("rfft2", axes);
  const normalization = normalizationOf("rfft2", norm, false);
  const half = rfftNode(toNode("rfft2", x), { axis, normalization });
  return toComplex(
    fftNode([select(half, 0, 0), select(half, 0, 1)], {
      axes: [first],
      isInverse: false,
      normalization,
    }),
  );
}

/** Options of {@linkcode irfft2}. */
export interface Irfft2Options extends Fft2Options {
  /** How many places the last of the axes has afterwards; an even number if left out. */
  readonly size?: number;
}

/**
 * Transforms the first half back to real numbers along two axes: the inverse of {@linkcode rfft2}.
 *
 * **Shapes**: `x [..., m, n / 2 + 1] -> y [..., m, n]`.
 *
 * **Source**: NumPy `fft.irfft2`.
 *
 * @param x The first half, `float32`.
 * @param options Which axes, how many places there are afterwards, and where the size divides.
 * @returns The real numbers.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if one is empty.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function irfft2(x: ComplexLike, options?: Irfft2Options): Tensor {
  const { axes = [-2, -1], size, norm } = optionsOf<Irfft2Options>(
    "irfft2",
    options,
  );
  const [first, axis] = axisPair("irfft2", axes);
  const columns = fftNode(toParts("irfft2", x), {
    axes: [first],
    isInverse: true,
    normalization: normalizationOf("irfft2", norm, true),
  });
  const parts = [select(columns, 0, 0), select(columns, 0, 1)] as const;
  return new Tensor(restore("irfft2", parts, { axis, size, norm }));
}

function restore(
  name: string,
  [real, imaginary]: readonly [real: Node, imaginary: Operand],
  { axis, size, norm }: {
    readonly axis: number;
    readonly size: number | undefined;
    readonly norm: FftNormalization | undefined;
  },
): Node {
  const { shape } = real.type;
  const along = resolveAxis(name, axis, shape);
  const places = size ?? 2 * (shape[along]! - 1);
  const half = size === undefined ? undefined : (size >> 1) + 1;
  const [first, second] = [real, imaginary].map((part) =>
    typeof part === "number"
      ? part
      : resizeAxis(name, part, { axis: along, size: half })
  ) as [Node, Operand];
  return irfftNode([first, second], {
    axis: along,
    size: places,
    normalization: normalizationOf(name, norm, true),
  });
}
