/**
 * Complex numbers as two planes: real parts, then imaginary parts, along a first axis. A tensor with one
 * plane is real.
 *
 * @module
 */
import type { Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { concat } from "./concat.ts";
import { sliceAxis } from "./slice.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Complex numbers as they are computed with: a part may be missing, and is 0 then. */
export interface ComplexParts {
  /** The real parts. */
  readonly real: Node;
  /** The imaginary parts. */
  readonly imaginary: Node;
}

/**
 * Takes both parts of complex numbers, which keep their axis of planes.
 *
 * @param planes Two planes.
 * @returns The parts, `[1, ...]` each.
 */
export function partsOf(planes: Node): ComplexParts {
  return {
    real: sliceAxis(planes, 0, { start: 0, end: 1 }),
    imaginary: sliceAxis(planes, 0, { start: 1, end: 2 }),
  };
}

/**
 * Lays parts beside each other.
 *
 * @param parts The parts, `[1, ...]` each.
 * @returns The planes, `[2, ...]`.
 */
export function planesOf({ real, imaginary }: ComplexParts): Node {
  return concat([real, imaginary], 0);
}

/**
 * Multiplies complex numbers.
 *
 * @param left One factor.
 * @param right The other, which broadcasts.
 * @returns The product.
 */
export function multiplyParts(
  left: ComplexParts,
  right: ComplexParts,
): ComplexParts {
  return {
    real: sub(
      mul(left.real, right.real),
      mul(left.imaginary, right.imaginary),
    ),
    imaginary: add(
      mul(left.real, right.imaginary),
      mul(left.imaginary, right.real),
    ),
  };
}

/**
 * Takes conjugate numbers.
 *
 * @param parts The numbers.
 * @returns The same real parts, and the opposite imaginary ones.
 */
export function conjugate({ real, imaginary }: ComplexParts): ComplexParts {
  return { real, imaginary: unary("neg", imaginary) };
}

/**
 * Computes roots of unity: `exp(2πi exponent / order)`.
 *
 * **Numerics**: a whole number of quarter turns is taken out exactly, so that angles are below an eighth
 * of a turn and errors below 1.5e-7.
 *
 * @param exponents Whole numbers, `int32`, of up to `2^29`, and from 0.
 * @param order Which roots.
 * @param isConjugate Whether the exponents count backwards.
 * @returns The roots.
 */
export function rootsOfUnity(
  exponents: Node,
  order: number,
  isConjugate: boolean,
): ComplexParts {
  const quarters = unary(
    "round",
    mul(cast(exponents, "float32"), 4 / order),
  );
  const rest = sub(mul(exponents, 4), mul(cast(quarters, "int32"), order));
  const angle = mul(cast(rest, "float32"), Math.PI / 2 / order);
  const [cosine, sine] = [unary("cos", angle), unary("sin", angle)];
  const turns = unary("floor", div(quarters, 4));
  const quarter = sub(quarters, mul(turns, 4));
  const turned = (values: readonly [Node, Node, Node, Node]) =>
    [0, 1, 2].reduceRight<Node>(
      (other, which) =>
        where(binary("equal", [quarter, which]), [values[which]!, other]),
      values[3],
    );
  const [noCosine, noSine] = [unary("neg", cosine), unary("neg", sine)];
  const parts = {
    real: turned([cosine, noSine, noCosine, sine]),
    imaginary: turned([sine, cosine, noSine, noCosine]),
  };
  return isConjugate ? conjugate(parts) : parts;
}
