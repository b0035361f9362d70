import { invalidOption, type RandomKey, randomKey } from "../core/base/mod.ts";

/** What random numbers depend on: a whole number from 0, or a key derived from one. */
export type Seed = number | RandomKey;

/**
 * Turns a seed into the key it stands for.
 *
 * @param seed The seed.
 * @returns The key.
 * @throws {OptionError} `INVALID_OPTION` if it is neither a whole number from 0 to 2^53 - 1 nor a key.
 */
export function seedKey(seed: Seed): RandomKey {
  if (typeof seed === "number") return randomKey(seed);
  const isKey = Array.isArray(seed) && seed.length === 2 &&
    seed.every((word) => word === word >>> 0);
  if (isKey) return seed;
  throw invalidOption("seed", seed, "a whole number from 0, or a key");
}
