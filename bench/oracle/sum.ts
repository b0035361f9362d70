import type { Value } from "./value.ts";

/**
 * Sums a matrix.
 *
 * @param value The matrix.
 * @param axes Axes that go.
 * @returns The sums.
 */
export function sum(
  { shape, data }: Value,
  axes: readonly number[],
): Float64Array {
  const [rows, columns] = shape as [number, number];
  const keepsRows = !axes.includes(0);
  const keepsColumns = !axes.includes(1);
  const result = new Float64Array(
    (keepsRows ? rows : 1) * (keepsColumns ? columns : 1),
  );
  for (let i = 0; i < data.length; i++) {
    const column = i % columns;
    const row = (i - column) / columns;
    result[keepsRows ? row : keepsColumns ? column : 0]! += data[i]!;
  }
  return result;
}
