import type { Node } from "../graph/node.ts";
import { add, mul } from "./binary.ts";

/**
 * Writes a polynomial of one number down, by Horner's rule.
 *
 * @param x The number.
 * @param coefficients Two or more, from the highest power.
 * @returns Its value.
 */
export function polynomial(x: Node, coefficients: readonly number[]): Node {
  const [highest, next, ...others] = coefficients;
  return others.reduce(
    (sum: Node, coefficient) => add(mul(sum, x), coefficient),
    add(mul(x, highest!), next!),
  );
}
