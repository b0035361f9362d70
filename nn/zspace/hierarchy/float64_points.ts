/**
 * The few maps of the ball of curvature -1 that a tree is laid out with, on plain numbers: points that
 * are steps apart near the boundary differ by less than `float32` holds on the way there.
 *
 * @module
 */

/** A point or a direction. */
export type Float64Point = Float64Array<ArrayBuffer>;

/**
 * Möbius addition: `x` first, then `y` as seen from there. See `PoincareBall.add`.
 *
 * @param x A point.
 * @param y A point of the same dimension.
 * @returns A point.
 */
export function addPoints(x: Float64Point, y: Float64Point): Float64Point {
  const sum = x.map((part, i) => part + y[i]!);
  const [square, alpha] = [squareOf(sum), alphaOf(x)];
  const scale = alpha * alphaOf(y) + square;
  return sum.map((part, i) => (alpha * part + square * x[i]!) / scale);
}

/**
 * Brings a vector to length 1; one of no length stays as it is.
 *
 * @param x A vector.
 * @returns Its direction.
 */
export function directionOf(x: Float64Point): Float64Point {
  const length = Math.sqrt(squareOf(x));
  return length === 0 ? x : x.map((part) => part / length);
}

/**
 * The square of a vector's length.
 *
 * @param x A vector.
 * @returns The square.
 */
export function squareOf(x: Float64Point): number {
  return x.reduce((sum, part) => sum + part * part, 0);
}

function alphaOf(x: Float64Point): number {
  const radius = Math.sqrt(squareOf(x));
  return (1 - radius) * (1 + radius);
}
