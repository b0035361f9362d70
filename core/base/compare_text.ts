/**
 * Orders text by UTF-16 code unit, so that listings are the same on every machine.
 *
 * @param a One text.
 * @param b The other.
 * @returns Negative, zero or positive, for `Array.prototype.sort`.
 */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
