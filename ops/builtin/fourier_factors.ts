/**
 * How a Fourier transform is cut into smaller ones.
 *
 * Each factor is a product with a dense matrix, which runs at the speed of `matmul`: large factors cost
 * arithmetic, small ones passes over memory.
 *
 * @module
 */

/** The largest transform that is computed by one matrix. */
export const FACTOR_MAX = 128;

/** What a pass over memory takes, as many times what one more place of a factor takes. */
const PASS_COST = 40;

/**
 * Finds factors of a size, none larger than {@linkcode FACTOR_MAX}, that take the least time.
 *
 * @param size The size, from 2.
 * @returns The factors, the largest first; `undefined` if a prime factor of the size is too large.
 */
export function fourierFactors(size: number): readonly number[] | undefined {
  return best(size, new Map())?.factors;
}

interface Choice {
  readonly factors: readonly number[];
  readonly cost: number;
}

function best(
  size: number,
  known: Map<number, Choice | undefined>,
): Choice | undefined {
  if (size === 1) return { factors: [], cost: 0 };
  if (known.has(size)) return known.get(size);
  let found: Choice | undefined;
  for (let factor = Math.min(size, FACTOR_MAX); factor > 1; factor--) {
    if (size % factor !== 0) continue;
    const rest = best(size / factor, known);
    if (!rest) continue;
    const cost = rest.cost + factor + PASS_COST;
    if (cost < (found?.cost ?? Infinity)) {
      const factors = [factor, ...rest.factors].sort((a, b) => b - a);
      found = { factors, cost };
    }
  }
  known.set(size, found);
  return found;
}

/**
 * Finds a size that a transform is quick for.
 *
 * @param least The least size wanted.
 * @returns A size from there on whose only prime factors are 2, 3 and 5.
 */
export function quickSize(least: number): number {
  let found = 2 ** Math.ceil(Math.log2(Math.max(1, least)));
  for (let fives = 1; fives < found; fives *= 5) {
    for (let threes = fives; threes < found; threes *= 3) {
      const twos = 2 ** Math.max(0, Math.ceil(Math.log2(least / threes)));
      if (threes * twos >= least) found = Math.min(found, threes * twos);
    }
  }
  return found;
}
