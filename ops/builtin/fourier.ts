/**
 * Fourier transforms by matrix products: each factor of the size is one product with a dense matrix, whose
 * result is turned by roots of unity as it is written.
 *
 * **Source**: Cooley, Tukey, "An algorithm for the machine calculation of complex Fourier series" (1965);
 * Bailey, "FFTs in external or hierarchical memory" (1990), for the layout that needs no reordering;
 * Bluestein, "A linear filtering approach to the computation of discrete Fourier transform" (1970), for
 * sizes with a large prime factor.
 *
 * @module
 */
import type { Node } from "../graph/node.ts";
import { Storage } from "../storage.ts";
import { mul } from "./binary.ts";
import {
  type ComplexParts,
  conjugate,
  multiplyParts,
  partsOf,
  planesOf,
  rootsOfUnity,
} from "./complex_planes.ts";
import { concat } from "./concat.ts";
import { flip } from "./flip.ts";
import { fourierFactors, quickSize } from "./fourier_factors.ts";
import { iota } from "./iota.ts";
import { matmul } from "./matmul.ts";
import { pad } from "./pad.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { sliceAxis } from "./slice.ts";
import { unary } from "./unary.ts";

/** In which direction a transform goes. */
export interface FourierDirection {
  /** Whether the exponent is positive. Neither direction divides by the size. */
  readonly isInverse: boolean;
}

/**
 * Transforms the middle axis of planes: `y_k = Σ_j x_j exp(∓2πi j k / n)`.
 *
 * @param x Planes, `[1 or 2, n, count]`: real numbers, or complex ones; `n` is at least 1.
 * @param direction In which direction.
 * @returns Planes, `[2, n, count]`.
 */
export function transform(x: Node, direction: FourierDirection): Node {
  const [, size, count] = x.type.shape as [number, number, number];
  if (size === 1) return matrixStage(x, { factor: 1, rest: 1, ...direction });
  const factors = fourierFactors(size);
  if (!factors) return bluestein(x, direction);
  let [y, rest] = [x, size];
  for (const factor of factors) {
    rest /= factor;
    y = turnStage(
      matrixStage(y, { factor, rest, ...direction }),
      { factor, rest, ...direction },
    );
  }
  return reshape(y, [2, size, count]);
}

interface Stage extends FourierDirection {
  /** The size of the transforms of this stage. */
  readonly factor: number;
  /** The size of those that are left to do. */
  readonly rest: number;
}

/** Transforms of one factor: `[planes, factor rest, count] -> [2, factor, rest count]`. */
function matrixStage(x: Node, { factor, isInverse }: Stage): Node {
  const [planes] = x.type.shape as [number];
  const place = iota(factor);
  const products = mul(reshape(place, [factor, 1]), place);
  const roots = rootsOfUnity(products, factor, !isInverse);
  const { real, imaginary } = roots;
  const ofReal = concat([real, imaginary], 0);
  const matrix = planes === 1
    ? ofReal
    : concat([ofReal, concat([unary("neg", imaginary), real], 0)], 1);
  const product = matmul(matrix, reshape(x, [planes * factor, -1]));
  return reshape(product, [2, factor, -1]);
}

/** Turns `[2, factor, rest, count]` by roots of unity, and gives `[2, rest, factor, count]`. */
function turnStage(x: Node, { factor, rest, isInverse }: Stage): Node {
  if (rest === 1) return x;
  const y = reshape(x, [2, factor, rest, -1]);
  const products = mul(reshape(iota(factor), [factor, 1]), iota(rest));
  const exponents = reshape(products, [1, factor, rest, 1]);
  const roots = rootsOfUnity(exponents, factor * rest, !isInverse);
  const { real, imaginary } = multiplyParts(partsOf(y), roots);
  const order = [0, 2, 1, 3];
  const turned = planesOf({
    real: permute(real, order),
    imaginary: permute(imaginary, order),
  });
  return reshape(turned, [2, rest, -1]);
}

/** As a convolution with a chirp, whose size may be any that is quick. */
function bluestein(x: Node, { isInverse }: FourierDirection): Node {
  const [planes, size] = x.type.shape as [number, number];
  const whole = quickSize(2 * size - 1);
  const chirp = chirpOf(size, !isInverse);
  const given = planes === 1
    ? { real: mul(x, chirp.real), imaginary: mul(x, chirp.imaginary) }
    : multiplyParts(partsOf(x), chirp);
  const padded = pad(planesOf(given), {
    low: [0, 0, 0],
    high: [0, whole - size, 0],
    interior: [0, 0, 0],
    value: 0,
  });
  const filter = planesOf(conjugate(chirp));
  const before = flip(sliceAxis(filter, 1, { start: 1, end: size }), 1);
  const around = pad(filter, {
    low: [0, 0, 0],
    high: [0, whole - 2 * size + 1, 0],
    interior: [0, 0, 0],
    value: 0,
  });
  const [left, right] = [padded, concat([around, before], 1)].map((planes) =>
    partsOf(transform(planes, { isInverse: false }))
  ) as [ComplexParts, ComplexParts];
  const product = planesOf(multiplyParts(left, right));
  const convolved = mul(transform(product, { isInverse: true }), 1 / whole);
  const first = sliceAxis(convolved, 1, { start: 0, end: size });
  return planesOf(multiplyParts(partsOf(first), chirp));
}

/** `exp(±πi k² / size)` for each `k`, `[1, size, 1]`; squares do not fit into `int32`, so on the host. */
function chirpOf(size: number, isConjugate: boolean): ComplexParts {
  const squares = Int32Array.from(
    { length: size },
    (_, k) => (k * k) % (2 * size),
  );
  const exponents: Node = {
    kind: "data",
    storage: new Storage({ dtype: "int32", host: squares }),
    type: { dtype: "int32", shape: [1, size, 1] },
  };
  return rootsOfUnity(exponents, 2 * size, isConjugate);
}
