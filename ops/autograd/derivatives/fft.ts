/**
 * Derivatives of Fourier transforms: they are linear, so gradients are transforms in the other direction.
 *
 * @module
 */
import { binary, mul } from "../../builtin/binary.ts";
import { fft } from "../../builtin/fft.ts";
import type { FourierNormalization } from "../../builtin/fourier_axes.ts";
import { iota } from "../../builtin/iota.ts";
import { irfft, rfft } from "../../builtin/real_fft.ts";
import { reshape } from "../../builtin/reshape.ts";
import { select } from "../../builtin/select.ts";
import { where } from "../../builtin/where.ts";
import type { Attributes, Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradients of Fourier transforms, by name. */
export const FFT_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  fft({ inputs, gradient }, attributes) {
    const packed = fft(planesOf(gradient), {
      axes: attributes.axes as readonly number[],
      isInverse: attributes.inverse !== true,
      normalization: normalizationOf(attributes),
    });
    return planesOf(packed).map((part, i) => unbroadcast(part, inputs[i]!));
  },

  // A place in the middle stands for its conjugate too, in the transform back, but not here.
  rfft({ inputs: [x], gradient }, attributes) {
    const { axis, size } = lineOf(x!, attributes);
    const weights = weightsOf(x!, attributes, 0.5);
    const [real, imaginary] = planesOf(gradient).map((part) =>
      mul(part, weights)
    );
    return [irfft([real!, imaginary!], {
      axis,
      size,
      normalization: normalizationOf(attributes),
    })];
  },

  irfft({ inputs, output, gradient }, attributes) {
    const { axis } = lineOf(output, attributes);
    const normalization = normalizationOf(attributes);
    const weights = weightsOf(output, attributes, 2);
    return planesOf(rfft(gradient, { axis, normalization })).map((part, i) =>
      unbroadcast(mul(part, weights), inputs[i]!)
    );
  },
};

function planesOf(packed: Node): readonly [Node, Node] {
  return [select(packed, 0, 0), select(packed, 0, 1)];
}

function normalizationOf({ normalization }: Attributes): FourierNormalization {
  return normalization as FourierNormalization;
}

/** The axis of real lines that are transformed, counted from the first, and its size. */
function lineOf(
  { type: { shape } }: Node,
  attributes: Attributes,
): { readonly axis: number; readonly size: number } {
  const axis = ((attributes.axis as number) + shape.length) % shape.length;
  return { axis, size: shape[axis]! };
}

/** 1 for places that are their own conjugates, another number for the others of the first half. */
function weightsOf(x: Node, attributes: Attributes, other: number): Node {
  const { axis, size } = lineOf(x, attributes);
  const places = (size >> 1) + 1;
  const place = iota(places);
  const isOwn = binary("or", [
    binary("equal", [place, 0]),
    binary("equal", [mul(place, 2), size]),
  ]);
  const ones = x.type.shape.slice(axis + 1).map(() => 1);
  const { type } = x;
  const weights = where(isOwn, [
    { kind: "constant", value: 1, type: { dtype: type.dtype, shape: [] } },
    other,
  ]);
  return reshape(weights, [places, ...ones]);
}
