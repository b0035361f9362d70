import type { Expression } from "../../ir/mod.ts";

/**
 * Tells whether a value is the power of a difference to its row's maximum, as in a softmax: such an
 * exponent is 0, less or `NaN`.
 *
 * @param body The expression.
 * @param place Place of the value.
 * @returns Place of the exponent, or `undefined` if it may be anything.
 */
export function nonpositiveExponent(
  body: Expression,
  place: number,
): number | undefined {
  const power = body[place]!;
  if (power.kind !== "unary" || power.fn !== "exp") return undefined;
  const difference = body[power.x]!;
  if (difference.kind !== "binary" || difference.fn !== "sub") return undefined;
  const largest = body[difference.right]!;
  const isLargest = largest.kind === "fold" && largest.combine === "maximum" &&
    largest.x === difference.left;
  return isLargest ? power.x : undefined;
}
