import { compareText } from "../../core/base/mod.ts";

/**
 * Orders paths as a reader would: names by code unit, places by number.
 *
 * @param a One path, `modules[2].linear`.
 * @param b The other, `modules[10].relu`.
 * @returns Negative, zero or positive, for `Array.prototype.sort`.
 */
export function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (const [i, part] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    // Splitting by numbers leaves them at the odd places.
    const order = i % 2 === 1
      ? Number(part) - Number(other)
      : compareText(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
