/**
 * Compares a result with what it must be.
 *
 * @param got The result.
 * @param want What it must be; `NaN` is not compared.
 * @returns The largest difference, relative to the largest element.
 */
export function relativeError(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
): number {
  if (got.length !== want.length) return Infinity;
  let [most, scale] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(want[i])) continue;
    const difference = Math.abs(got[i]! - want[i]!);
    // What is no number must not pass by being compared with nothing.
    if (!(difference <= most)) {
      most = Number.isNaN(difference) ? Infinity : difference;
    }
    scale = Math.max(scale, Math.abs(want[i]!));
  }
  return most / Math.max(scale, Number.MIN_VALUE);
}
