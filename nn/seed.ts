import { type RandomKey, randomKey } from "../core/base/mod.ts";

/** What random numbers depend on: a whole number from 0, or a key derived from one. */
export type Seed = number | RandomKey;

/**
 * Turns a seed into the key it stands for.
 *
 * @param seed The seed.
 * @returns The key.
 * @throws {OptionError} `INVALID_OPTION` if a number is not a whole number from 0 to 2^53 - 1.
 */
export function seedKey(seed: Seed): RandomKey {
  return typeof seed === "number" ? randomKey(seed) : seed;
}
