/**
 * Discrete Fourier transforms along axes: `y_k = Σ_j x_j exp(-2πi j k / n)`, or with `+` inversely.
 *
 * Complex numbers are two tensors, real and imaginary parts; results have both along a new first axis, in
 * this order. `normalization` says what the sum is divided by along each axis: `none`, `root`, for the
 * root of `n`, or `size`, for `n`.
 *
 * **Numerics**: `float32`; the error of a result, relative to the root of the mean of all squares, is
 * about 3e-7 for a million places, and twice that where the size has a prime factor above 128.
 *
 * **Cost**: any size: products with matrices of at most 128 places, which run at the speed of `matmul`;
 * sizes with a larger prime factor take three transforms of about twice their size. Real input takes half.
 *
 * **Source**: NumPy `fft`.
 *
 * @module
 */
import type { Shape } from "../../core/base/mod.ts";
import { apply, type Operand } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { mul } from "./binary.ts";
import { planesOf } from "./complex_planes.ts";
import { concat } from "./concat.ts";
import { expand } from "./expand.ts";
import { type FourierDirection, transform } from "./fourier.ts";
import {
  alongAxis,
  assertNormalization,
  complexShape,
  type FourierNormalization,
  lineAxis,
  normalized,
} from "./fourier_axes.ts";
import { reshape } from "./reshape.ts";

/** Settings of {@linkcode fft}. */
export interface FftAttributes extends FourierDirection {
  /** The axes, each of which is transformed. */
  readonly axes: readonly number[];
  /** What sums are divided by. */
  readonly normalization: FourierNormalization;
}

/** Complex transforms along axes. An imaginary part of the number 0 stands for real input. */
export const fftOperator: CompositeOperator = {
  kind: "composite",
  name: "fft",
  version: "1.0.0",
  description: "Discrete Fourier transforms along axes.",
  schema: {
    inputs: ["real", "imaginary"],
    attributes: {
      axes: "integers",
      inverse: "boolean",
      normalization: "string",
    },
  },
  infer(inputs, attributes) {
    const shape = complexShape("fft", inputs);
    resolveAxes("fft", attributes.axes as number[], shape);
    assertNormalization("fft", attributes);
    return { dtype: "float32", shape: [2, ...shape] };
  },
  decompose(inputs, attributes) {
    const shape = complexShape("fft", inputs.map(({ type }) => type));
    const axes = resolveAxes("fft", attributes.axes as number[], shape);
    const isInverse = attributes.inverse === true;
    const planes = axes.reduce(
      (planes, axis) =>
        alongAxis(planes, axis + 1, (lines) => transform(lines, { isInverse })),
      toPlanes(inputs, shape),
    );
    const sizes = axes.map((axis) => shape[axis]!);
    const whole = planes.type.shape[0] === 2
      ? planes
      : concat([planes, mul(planes, 0)], 0);
    return normalized(whole, attributes, sizes);
  },
};

function resolveAxes(
  operation: string,
  axes: readonly number[],
  shape: Shape,
): readonly number[] {
  const resolved = axes.map((axis) => lineAxis(operation, axis, shape));
  if (new Set(resolved).size === axes.length) return resolved;
  throw attributeInvalid(
    operation,
    "axes",
    `found [${axes}], wanted each axis at most once`,
  );
}

/** Both parts along a first axis, or the real one only where the other is known to be 0. */
function toPlanes(inputs: readonly Node[], shape: Shape): Node {
  const [real, imaginary] = inputs.map((part) =>
    reshape(expand(part, shape), [1, ...shape])
  ) as [Node, Node];
  const isReal = inputs[1]!.kind === "constant" && inputs[1]!.value === 0;
  return isReal ? real : planesOf({ real, imaginary });
}

/**
 * Transforms along axes; see {@linkcode fftOperator}.
 *
 * @param inputs Real and imaginary parts; a part may be a number.
 * @param attributes Which axes, in which direction, and what sums are divided by.
 * @returns Real and imaginary parts, `[2, ...]`.
 */
export function fft(
  [real, imaginary]: readonly [real: Operand, imaginary: Operand],
  { axes, isInverse, normalization }: FftAttributes,
): Node {
  return apply(fftOperator, [real, imaginary], {
    axes: [...axes],
    inverse: isInverse,
    normalization,
  });
}
