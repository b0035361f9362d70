import { optionsOf } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { type Measures, scalarMetrics } from "./metrics.ts";
import type { EpochReport } from "./progress.ts";
import { reportsOf } from "./reports_of.ts";

/** Most passes that a table shows. */
const ROWS_MAX = 12;

/** Options of {@linkcode epochTable}. */
export interface EpochTableOptions {
  /**
   * How many passes are shown at most: the first, the last and the best among them.
   *
   * @default {12}
   */
  readonly rowsMax?: number;
}

/**
 * Writes how training went as a table, a pass a line. The best pass, by the loss on the data for
 * validation if there is any, is marked by a star.
 *
 * @param reports The passes, as `fit` gives them.
 * @param options How many lines there are at most.
 * @returns The table, without a line break at its end.
 */
export function epochTable(
  reports: readonly EpochReport[],
  options?: EpochTableOptions,
): string {
  const { rowsMax = ROWS_MAX } = optionsOf("epochTable", options);
  assertCount("epochTable rowsMax", rowsMax);
  const all = reportsOf("epochTable", reports);
  const best = bestEpoch(all);
  const hasAccuracy = all.some(({ accuracy }) => accuracy !== undefined);
  const hasValidation = all.some(({ validation }) => validation);
  const metrics = new Set(
    all.flatMap((report) => [...scalarMetrics(report).keys()]),
  );
  const shown = { hasAccuracy, metrics };
  const heads = headsOf(shown, hasValidation);
  const rows = pick(all, { rowsMax, best }).map((report) => [
    `${report.epoch}${report === best ? " *" : "  "}`,
    ...measureCells(report, shown),
    ...hasValidation ? measureCells(report.validation, shown) : [],
    (report.durationMs / 1000).toFixed(1),
  ]);
  const lines = [heads, ...rows];
  const widths = heads.map((_, i) =>
    Math.max(...lines.map((row) => row[i]!.length))
  );
  return lines.map((row) =>
    row.map((cell, i) => cell.padStart(widths[i]!)).join("  ").trimEnd()
  ).join("\n");
}

/**
 * Finds the pass with the lowest loss on the data for validation, or on that for training.
 *
 * @param reports The passes.
 * @returns The pass; `undefined` if no loss is a number.
 */
export function bestEpoch(
  reports: readonly EpochReport[],
): EpochReport | undefined {
  let best: EpochReport | undefined;
  for (const report of reportsOf("bestEpoch", reports)) {
    const loss = lossOf(report);
    if (!Number.isNaN(loss) && (!best || loss < lossOf(best))) best = report;
  }
  return best;
}

function lossOf({ validation, loss }: EpochReport): number {
  return (validation?.loss) ?? loss;
}

/** What is shown besides the loss. */
interface Shown {
  readonly hasAccuracy: boolean;
  readonly metrics: ReadonlySet<string>;
}

function headsOf(
  { hasAccuracy, metrics }: Shown,
  hasValidation: boolean,
): string[] {
  const measures = [
    "loss",
    ...hasAccuracy ? ["accuracy"] : [],
    ...metrics,
  ];
  return [
    "epoch  ",
    ...measures,
    ...hasValidation ? measures.map((name) => `validation ${name}`) : [],
    "seconds",
  ];
}

function measureCells(
  measures: Measures | undefined,
  { hasAccuracy, metrics }: Shown,
): string[] {
  const { loss, accuracy } = measures ?? {};
  const scalars = scalarMetrics(measures ?? {});
  const cells = [loss === undefined ? "" : loss.toPrecision(4)];
  if (hasAccuracy) {
    cells.push(
      accuracy === undefined ? "" : `${(100 * accuracy).toFixed(2)} %`,
    );
  }
  for (const name of metrics) {
    cells.push(scalars.get(name)?.toPrecision(4) ?? "");
  }
  return cells;
}

/** Some passes at even distances, with the first, the last and the best. */
function pick(
  reports: readonly EpochReport[],
  { rowsMax, best }: {
    readonly rowsMax: number;
    readonly best: EpochReport | undefined;
  },
): readonly EpochReport[] {
  if (reports.length <= rowsMax) return reports;
  const places = rowsMax - 1;
  const shown = new Set(
    Array.from(
      { length: places },
      (_, i) => Math.round(i * (reports.length - 1) / (places - 1)),
    ),
  );
  return reports.filter((report, i) => shown.has(i) || report === best);
}
