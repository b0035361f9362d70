import { randomUniform } from "@spiraltorch/spiraltorch";

/**
 * An order that depends on a seed only.
 *
 * @param count How many things are to be put in order.
 * @param seed The seed.
 * @returns Their numbers, from 0.
 */
export async function randomOrder(
  count: number,
  seed: number,
): Promise<number[]> {
  // Sorted by random numbers, so that the order is the same on every machine.
  const keys = await randomUniform([count], { key: seed }).data();
  return Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
}
