/**
 * Discrete Fourier transforms of real numbers: half of the places say everything.
 *
 * **Numerics** and **Source**: as `fft`.
 *
 * @module
 */
import { apply, type Operand } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { planesOf } from "./complex_planes.ts";
import { expand } from "./expand.ts";
import {
  alongAxis,
  assertNormalization,
  complexShape,
  float32,
  type FourierNormalization,
  lineAxis,
  normalized,
} from "./fourier_axes.ts";
import {
  restoreOdd,
  restorePairs,
  transformHalf,
  transformPairs,
} from "./real_lines.ts";
import { reshape } from "./reshape.ts";

/** Settings of {@linkcode rfft}. */
export interface RfftAttributes {
  /** The axis. */
  readonly axis: number;
  /** What sums are divided by. */
  readonly normalization: FourierNormalization;
}

/** The first half, `n / 2 + 1` places, of transforms of real numbers: the others are their conjugates. */
export const rfftOperator: CompositeOperator = {
  kind: "composite",
  name: "rfft",
  version: "1.0.0",
  description: "The first half of Fourier transforms of real numbers.",
  schema: {
    inputs: ["x"],
    attributes: { axis: "integer", normalization: "string" },
  },
  infer([x], attributes) {
    const { shape } = float32("rfft", x!);
    const axis = lineAxis("rfft", attributes.axis as number, shape);
    assertNormalization("rfft", attributes);
    const half = (shape[axis]! >> 1) + 1;
    return { dtype: "float32", shape: [2, ...shape.with(axis, half)] };
  },
  decompose([x], attributes) {
    const { shape } = x!.type;
    const axis = lineAxis("rfft", attributes.axis as number, shape);
    const size = shape[axis]!;
    const planes = reshape(x!, [1, ...shape]);
    const y = alongAxis(
      planes,
      axis + 1,
      size % 2 === 0 ? transformPairs : transformHalf,
    );
    return normalized(y, attributes, [size]);
  },
};

/** Settings of {@linkcode irfft}. */
export interface IrfftAttributes extends RfftAttributes {
  /** Places of the result along the axis, from 1; the input has `size / 2 + 1`. */
  readonly size: number;
}

/**
 * Real numbers from the first half of their transforms. Imaginary parts that no real numbers could have
 * given, of the first place and of the one in the middle, do not count.
 */
export const irfftOperator: CompositeOperator = {
  kind: "composite",
  name: "irfft",
  version: "1.0.0",
  description: "Real numbers from the first half of their transforms.",
  schema: {
    inputs: ["real", "imaginary"],
    attributes: { axis: "integer", size: "integer", normalization: "string" },
  },
  infer(inputs, attributes) {
    const shape = complexShape("irfft", inputs);
    const axis = lineAxis("irfft", attributes.axis as number, shape);
    assertNormalization("irfft", attributes);
    const size = attributes.size as number;
    if (size < 1 || (size >> 1) + 1 !== shape[axis]) {
      const most = 2 * shape[axis]! - 1;
      throw attributeInvalid(
        "irfft",
        "size",
        `found ${size}, wanted ${most - 1} or ${most}, from 1, for ${
          shape[axis]
        } places along axis ${axis}`,
      );
    }
    return { dtype: "float32", shape: shape.with(axis, size) };
  },
  decompose(inputs, attributes) {
    const shape = complexShape("irfft", inputs.map(({ type }) => type));
    const axis = lineAxis("irfft", attributes.axis as number, shape);
    const size = attributes.size as number;
    const parts = inputs.map((part) =>
      reshape(expand(part, shape), [1, ...shape])
    );
    const planes = planesOf({ real: parts[0]!, imaginary: parts[1]! });
    const y = alongAxis(
      planes,
      axis + 1,
      size % 2 === 0 ? restorePairs : restoreOdd,
    );
    const real = reshape(y, shape.with(axis, size));
    return normalized(real, attributes, [size]);
  },
};

/**
 * Transforms real numbers along an axis; see {@linkcode rfftOperator}.
 *
 * @param x The numbers.
 * @param attributes Which axis, and what sums are divided by.
 * @returns Real and imaginary parts of the first half, `[2, ...]`.
 */
export function rfft(
  x: Node,
  { axis, normalization }: RfftAttributes,
): Node {
  return apply(rfftOperator, [x], { axis, normalization });
}

/**
 * Transforms back to real numbers along an axis; see {@linkcode irfftOperator}.
 *
 * @param inputs Real and imaginary parts of the first half; a part may be a number.
 * @param attributes Which axis, how many places it has, and what sums are divided by.
 * @returns The numbers.
 */
export function irfft(
  [real, imaginary]: readonly [real: Operand, imaginary: Operand],
  { axis, size, normalization }: IrfftAttributes,
): Node {
  return apply(irfftOperator, [real, imaginary], { axis, size, normalization });
}
