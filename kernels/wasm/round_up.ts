/**
 * Rounds up to a multiple.
 *
 * @param value The number.
 * @param step What the result is a multiple of.
 * @returns The multiple.
 */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
