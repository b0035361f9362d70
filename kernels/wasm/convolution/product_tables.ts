import { TILE_COLUMNS } from "../contract/micro_kernel.ts";
import { type Geometry, tableOf, type Three } from "./geometry.ts";
import { roundUp } from "../round_up.ts";

interface Placed {
  readonly axes: Geometry["axes"];
  readonly at: (place: Three<number>) => number;
}

/**
 * Lists where the window of each position of the output begins.
 *
 * @param placed The axes, and where places lie.
 * @returns Bytes from the first place.
 */
export function positionTable({ axes, at }: Placed): number[] {
  const [a, b, c] = axes;
  return tableOf(
    [a.output, b.output, c.output],
    ([z, y, x]) => at([z * a.stride, y * b.stride, x * c.stride]),
  );
}

/**
 * Lists where each weight of a window falls.
 *
 * @param placed The axes, and where places lie.
 * @returns Bytes from the beginning of the window.
 */
export function tapTable({ axes, at }: Placed): number[] {
  const [a, b, c] = axes;
  return tableOf(
    [a.kernel, b.kernel, c.kernel],
    ([z, y, x]) => at([z * a.dilation, y * b.dilation, x * c.dilation]),
  );
}

/**
 * Fills a table of columns up to whole panels, with its last column again.
 *
 * @param columns The table.
 * @returns The table and what fills it up.
 */
export function padded(columns: readonly number[]): readonly number[] {
  const missing = roundUp(columns.length, TILE_COLUMNS) - columns.length;
  return [...columns, ...new Array<number>(missing).fill(columns.at(-1)!)];
}
