import { fillNormal, type RandomKey } from "../../../core/base/mod.ts";
import { directionOf, type Float64Point } from "./float64_points.ts";

/** A direction, and how strongly it pushes others off. */
export interface WeightedDirection {
  /** A vector of length 1. */
  readonly direction: Float64Point;
  /** A number above 0. */
  readonly weight: number;
}

/** Options of {@linkcode spreadDirections}. */
export interface SpreadOptions {
  /** How many dimensions the directions have. */
  readonly dimension: number;
  /** A direction that is taken already. */
  readonly taken?: WeightedDirection | undefined;
  /** What the first directions depend on. */
  readonly key: RandomKey;
}

/** How often directions give way, unless they are many. */
const ROUNDS = 100;
/** Pairs of directions that are looked at for each of them: what many cost grows with their number. */
const PAIRS_EACH = 20_000;

/**
 * Spreads directions over a sphere: they push each other off by `weight · weight / distance²`, whose
 * sum falls from round to round, so that heavy ones get more room.
 *
 * **Cost**: O(directions² · dimension), and no more than 20,000 pairs for each direction: from 200 on
 * rounds become fewer, and from 20,000 on directions stay random.
 *
 * **Source**: Saff and Kuijlaars, "Distributing many points on a sphere" (1997), for the Riesz energy of
 * exponent 2.
 *
 * @param weights How strongly each pushes others off.
 * @param options Their dimension, what is taken already, and what random numbers depend on.
 * @returns Vectors of length 1, one for each weight.
 */
export function spreadDirections(
  weights: readonly number[],
  { dimension, taken, key }: SpreadOptions,
): Float64Point[] {
  const spread = firstDirections(weights.length, { dimension, taken, key })
    .map((direction, i) => ({ direction, weight: weights[i]! }));
  const rounds = Math.min(ROUNDS, Math.floor(PAIRS_EACH / spread.length));
  const all: WeightedDirection[] = taken ? [...spread, taken] : spread;
  for (let round = 0; round < rounds; round++) {
    for (const one of spread) {
      one.direction = pushedOff(one, all, 1 - round / rounds);
    }
  }
  return spread.map(({ direction }) => direction);
}

/** Random directions; the fewer there are, the nearer to the opposite of what is taken. */
function firstDirections(
  count: number,
  { dimension, taken, key }: SpreadOptions,
): Float64Point[] {
  const parts = new Float64Array(count * dimension);
  fillNormal(key, parts);
  return Array.from({ length: count }, (_, i) => {
    const random = parts.slice(i * dimension, (i + 1) * dimension);
    if (!taken) return directionOf(random);
    const share = 1 - 1 / count;
    return directionOf(
      directionOf(random).map((part, j) => share * part - taken.direction[j]!),
    );
  });
}

function pushedOff(
  one: WeightedDirection,
  all: readonly WeightedDirection[],
  reach: number,
): Float64Point {
  const push = new Float64Array(one.direction.length);
  let total = 0;
  for (const other of all) {
    if (other === one) continue;
    let square = 1e-12; // so that two at one place do not divide by 0
    for (let i = 0; i < push.length; i++) {
      square += (one.direction[i]! - other.direction[i]!) ** 2;
    }
    const energy = other.weight / square;
    total += energy;
    for (let i = 0; i < push.length; i++) {
      push[i]! += energy / square * (one.direction[i]! - other.direction[i]!);
    }
  }
  if (total === 0) return one.direction;
  return directionOf(
    one.direction.map((part, i) => part + reach * push[i]! / total),
  );
}
