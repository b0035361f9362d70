/**
 * How the losses of training went, as a picture: in a terminal, or as SVG.
 *
 * @module
 */
import { optionsOf } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import type { EpochReport } from "./progress.ts";
import { reportsOf } from "./reports_of.ts";

/** One line of a picture. */
interface Curve {
  readonly name: string;
  readonly color: string;
  readonly mark: string;
  /** A value a pass; what is not finite leaves a gap. */
  readonly values: readonly number[];
}

/** Size of a picture in a terminal. */
export interface CurvesTextOptions {
  /**
   * Characters a line.
   *
   * @default {72}
   */
  readonly columns?: number;
  /**
   * Lines, without the one below that names the curves.
   *
   * @default {14}
   */
  readonly rows?: number;
}

/** Width of the numbers beside a picture in a terminal, with the line between. */
const MARGIN = 10;

/**
 * Draws the losses of training for a terminal, passes from left to right.
 *
 * @param reports The passes, as `fit` gives them.
 * @param options The size.
 * @returns Lines of text; empty without a pass whose loss is finite.
 */
export function learningCurvesText(
  reports: readonly EpochReport[],
  options?: CurvesTextOptions,
): string {
  const { columns = 72, rows = 14 } = optionsOf("learningCurvesText", options);
  assertCount("learningCurvesText columns", columns);
  assertCount("learningCurvesText rows", rows);
  const curves = curvesOf(reportsOf("learningCurvesText", reports));
  const range = rangeOf(curves);
  if (!range) return "";
  const width = Math.max(1, columns - MARGIN);
  const height = Math.max(2, rows);
  const canvas = Array.from(
    { length: height },
    () => new Array<string>(width).fill(" "),
  );
  for (const { values, mark } of curves) {
    for (let column = 0; column < width; column++) {
      // More columns than passes repeat them, fewer skip some.
      const place = width === 1
        ? 0
        : column * (values.length - 1) / (width - 1);
      const value = values[Math.round(place)]!;
      if (!Number.isFinite(value)) continue;
      const row = Math.round((1 - range.shareOf(value)) * (height - 1));
      canvas[row]![column] = mark;
    }
  }
  const lines = canvas.map((line, row) => {
    const value = range.max - (range.max - range.min) * row / (height - 1);
    const isLabelled = row === 0 || row === height - 1;
    const label = isLabelled ? value.toPrecision(4) : "";
    return `${label.padStart(MARGIN - 2)} │${line.join("").trimEnd()}`;
  });
  const names = curves.map(({ name, mark }) => `${mark} ${name}`).join("   ");
  const axis = `${" ".repeat(MARGIN - 1)}└${"─".repeat(width)}`;
  return [...lines, axis, `${" ".repeat(MARGIN)}${names}`].join("\n");
}

/** Places of the SVG. */
const WIDTH = 640;
const HEIGHT = 360;
const INSET = { left: 56, right: 16, top: 16, bottom: 40 };
const TICKS = 4;

/**
 * Draws the losses of training as SVG, passes from left to right.
 *
 * @param reports The passes, as `fit` gives them.
 * @returns A document; one without curves if no loss is finite.
 */
export function learningCurvesSvg(reports: readonly EpochReport[]): string {
  const curves = curvesOf(reportsOf("learningCurvesSvg", reports));
  const range = rangeOf(curves);
  const last = Math.max(1, reports.length - 1);
  const x = (place: number) =>
    INSET.left + (WIDTH - INSET.left - INSET.right) * place / last;
  const y = (share: number) =>
    INSET.top + (HEIGHT - INSET.top - INSET.bottom) * (1 - share);
  const parts = range
    ? [
      ...ticksOf(range).map(({ label, share }) =>
        `<line x1="${INSET.left}" x2="${WIDTH - INSET.right}" y1="${
          y(share).toFixed(1)
        }" y2="${y(share).toFixed(1)}" stroke="#ddd"/>` +
        `<text x="${INSET.left - 6}" y="${
          (y(share) + 4).toFixed(1)
        }" text-anchor="end">${label}</text>`
      ),
      ...curves.flatMap(({ values, color }) =>
        segmentsOf(values).map((segment) => {
          const points = segment.map(({ place, value }) =>
            `${x(place).toFixed(1)},${y(range.shareOf(value)).toFixed(1)}`
          );
          return segment.length === 1
            ? circle(points[0]!, color)
            : `<polyline points="${
              points.join(" ")
            }" fill="none" stroke="${color}" stroke-width="2"/>`;
        })
      ),
    ]
    : [];
  const legend = curves.map(({ name, color }, i) =>
    `<text x="${INSET.left + 140 * i}" y="${
      HEIGHT - 12
    }" fill="${color}">${name}</text>`
  );
  const passes = `<text x="${WIDTH - INSET.right}" y="${
    HEIGHT - 12
  }" text-anchor="end">epoch 1 to ${reports.length}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...parts,
    ...legend,
    passes,
    "</svg>",
  ].join("\n");
}

function curvesOf(reports: readonly EpochReport[]): Curve[] {
  const training: Curve = {
    name: "loss",
    color: "#1f77b4",
    mark: "·",
    values: reports.map(({ loss }) => loss),
  };
  if (!reports.some(({ validation }) => validation)) return [training];
  return [training, {
    name: "validation loss",
    color: "#d62728",
    mark: "x",
    values: reports.map(({ validation }) => validation?.loss ?? NaN),
  }];
}

/** Between which values curves lie. */
interface Range {
  readonly min: number;
  readonly max: number;
  readonly shareOf: (value: number) => number;
}

function rangeOf(curves: readonly Curve[]): Range | undefined {
  const values = curves.flatMap(({ values }) => values).filter(Number.isFinite);
  if (values.length === 0) return undefined;
  const min = Math.min(...values);
  const max = Math.max(...values);
  // What is the same everywhere lies in the middle.
  const shareOf = (value: number) =>
    max === min ? 0.5 : (value - min) / (max - min);
  return { min, max, shareOf };
}

function ticksOf(
  { min, max }: Range,
): { readonly label: string; readonly share: number }[] {
  return Array.from({ length: TICKS + 1 }, (_, i) => ({
    label: (min + (max - min) * i / TICKS).toPrecision(3),
    share: i / TICKS,
  }));
}

/** The parts of a curve between gaps. */
function segmentsOf(
  values: readonly number[],
): { readonly place: number; readonly value: number }[][] {
  const segments: { place: number; value: number }[][] = [[]];
  for (const [place, value] of values.entries()) {
    if (Number.isFinite(value)) segments.at(-1)!.push({ place, value });
    else segments.push([]);
  }
  return segments.filter((segment) => segment.length > 0);
}

function circle(point: string, color: string): string {
  const [x, y] = point.split(",");
  return `<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`;
}
