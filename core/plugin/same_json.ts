import type { Json } from "../base/mod.ts";

/**
 * Tells whether two settings say the same.
 *
 * @param one One of them.
 * @param other The other.
 * @returns Whether they do; the order of keys counts.
 */
export function sameJson(
  one: Json | undefined,
  other: Json | undefined,
): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
