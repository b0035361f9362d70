/**
 * What the cells of tables hold.
 *
 * @module
 */
import { type PeerName, PEERS } from "../contestants/names.ts";
import type { ContestantName, RowResult, Verdict } from "../results.ts";

/** How tables call what a row is found to be. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  atCeiling: "above the ceiling",
  met: "met",
  missed: "missed",
  unjudged: "",
};

/**
 * Writes a number with the three digits that count.
 *
 * @param value The number.
 * @returns The digits.
 */
export function digits(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(decimals, 3));
}

/**
 * Writes a share.
 *
 * @param share The share, of 1.
 * @returns It in percent.
 */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/**
 * Writes how a contestant did.
 *
 * @param row The row.
 * @param name The contestant.
 * @returns Its figure, or that it has none.
 */
export function figureOf(
  { figures, absent }: RowResult,
  name: ContestantName,
): string {
  const found = figures[name];
  return found ? digits(found.value) : absent[name] ? "no" : "";
}

/**
 * Writes who is the fastest peer, and how many times as fast this library is.
 *
 * @param row The row.
 * @returns Both.
 */
export function besidesBest({ over }: RowResult): string {
  const [best] = Object.entries(over).sort(([, a], [, b]) => a - b);
  if (!best) return "";
  return `${digits(best[1])}× ${PEERS[best[0] as PeerName].title}`;
}

/**
 * Writes a table.
 *
 * @param heads What its columns are called.
 * @param content Its rows, and which columns are numbers.
 * @returns Markdown.
 */
export function table(
  heads: readonly string[],
  { rows, isNumber }: {
    readonly rows: readonly (readonly string[])[];
    readonly isNumber: (column: number) => boolean;
  },
): string {
  const rule = heads.map((_, i) => isNumber(i) ? "---:" : "---");
  return [heads, rule, ...rows].map((line) => `| ${line.join(" | ")} |`)
    .join("\n");
}
