/**
 * Transforms of lines of real numbers, and back.
 *
 * @module
 */
import type { Node } from "../graph/node.ts";
import { add, binary, mul, sub } from "./binary.ts";
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
import { transform } from "./fourier.ts";
import { iota } from "./iota.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { sliceAxis } from "./slice.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/**
 * Transforms real lines of even size: neighbours are taken for one complex number, which halves the size.
 *
 * @param x The lines, `[1, n, count]`.
 * @returns The first half, `[2, n / 2 + 1, count]`.
 */
export function transformPairs(x: Node): Node {
  const [, size, count] = x.type.shape as [number, number, number];
  const half = size / 2;
  const pairs = permute(reshape(x, [half, 2, count]), [1, 0, 2]);
  const z = transform(pairs, { isInverse: false });
  const around = concat([z, sliceAxis(z, 1, { start: 0, end: 1 })], 1);
  const { even, odd } = halvesOf(around);
  // odd / i: what the second of each pair gives.
  const second = { real: odd.imaginary, imaginary: unary("neg", odd.real) };
  const turned = multiplyParts(second, rootsBy(half + 1, size, true));
  return mul(planesOf(addParts(even, turned)), 0.5);
}

/**
 * Transforms back to lines of even size: {@linkcode transformPairs}, inversely and times the size.
 *
 * @param x The first half, `[2, n / 2 + 1, count]`.
 * @returns The lines, `[1, n, count]`.
 */
export function restorePairs(x: Node): Node {
  const [, places, count] = x.type.shape as [number, number, number];
  const half = places - 1;
  const { even, odd } = halvesOf(withoutIdle(x));
  const { real, imaginary } = multiplyParts(
    odd,
    rootsBy(places, 2 * half, false),
  );
  const second = { real: unary("neg", imaginary), imaginary: real };
  const z = sliceAxis(planesOf(addParts(even, second)), 1, {
    start: 0,
    end: half,
  });
  const pairs = transform(z, { isInverse: true });
  return reshape(permute(pairs, [1, 0, 2]), [1, 2 * half, count]);
}

/** What is alike and what is opposite in numbers and the conjugates of those in reverse. */
function halvesOf(
  planes: Node,
): { readonly even: ComplexParts; readonly odd: ComplexParts } {
  const own = partsOf(planes);
  const other = partsOf(flip(planes, 1));
  return {
    even: {
      real: add(own.real, other.real),
      imaginary: sub(own.imaginary, other.imaginary),
    },
    odd: {
      real: sub(own.real, other.real),
      imaginary: add(own.imaginary, other.imaginary),
    },
  };
}

function addParts(left: ComplexParts, right: ComplexParts): ComplexParts {
  return {
    real: add(left.real, right.real),
    imaginary: add(left.imaginary, right.imaginary),
  };
}

/** The first roots of unity of an order, `[1, count, 1]`. */
function rootsBy(
  count: number,
  order: number,
  isConjugate: boolean,
): ComplexParts {
  return rootsOfUnity(reshape(iota(count), [1, count, 1]), order, isConjugate);
}

/** Without the imaginary parts of the first and the last place. */
function withoutIdle(x: Node): Node {
  const places = x.type.shape[1]!;
  const { real, imaginary } = partsOf(x);
  const place = reshape(iota(places), [1, places, 1]);
  const isEnd = binary("or", [
    binary("equal", [place, 0]),
    binary("equal", [place, places - 1]),
  ]);
  return planesOf({ real, imaginary: where(isEnd, [0, imaginary]) });
}

/**
 * Transforms real lines of odd size: the whole transform, and the first half of it.
 *
 * @param x The lines, `[1, n, count]`.
 * @returns The first half, `[2, (n + 1) / 2, count]`.
 */
export function transformHalf(x: Node): Node {
  const end = (x.type.shape[1]! >> 1) + 1;
  const y = transform(x, { isInverse: false });
  return sliceAxis(y, 1, { start: 0, end });
}

/**
 * Transforms back to lines of odd size, by the conjugates that belong to the first half; times the size.
 *
 * @param x The first half, `[2, (n + 1) / 2, count]`.
 * @returns The lines, `[1, n, count]`.
 */
export function restoreOdd(x: Node): Node {
  const places = x.type.shape[1]!;
  const rest = sliceAxis(x, 1, { start: 1, end: places });
  const mirrored = planesOf(conjugate(partsOf(flip(rest, 1))));
  const whole = places === 1 ? x : concat([x, mirrored], 1);
  const { real } = partsOf(transform(whole, { isInverse: true }));
  return real;
}
