import type { Report, RowResult } from "../results.ts";
import {
  besidesBest,
  digits,
  figureOf,
  percent,
  table,
  VERDICTS,
} from "./cells.ts";
import { NAMES, TITLES } from "./titles.ts";

/** How many times as fast as with one thread a row is, and could be. */
function scalingCells({ scaling }: RowResult): readonly string[] {
  if (!scaling) return ["", "", ""];
  const { speedup, limit } = scaling;
  return [digits(speedup), digits(limit), percent(speedup / limit)];
}

/**
 * Puts what threads make of rows into a table.
 *
 * @param report The report.
 * @returns Markdown.
 */
export function threadsTable({ rows, threads }: Report): string {
  const peers = NAMES.filter((name) =>
    !["ours", "alone", "ceiling"].includes(name) &&
    rows.some(({ figures }) => figures[name])
  );
  const names = ["alone", "ours", ...peers] as const;
  const heads = [
    "row",
    "unit",
    TITLES.alone,
    `${TITLES.ours}, ${threads} threads`,
    ...peers.map((name) => TITLES[name]),
    "speedup",
    "at best",
    "of that",
    "to the best peer",
    "floor is",
  ];
  return table(heads, {
    rows: rows.map((row) => [
      row.name,
      row.unit,
      ...names.map((name) => figureOf(row, name)),
      ...scalingCells(row),
      besidesBest(row),
      VERDICTS[row.verdict],
    ]),
    isNumber: (column) => column > 1 && column < heads.length - 2,
  });
}
