import type { ContestantName, Report } from "../results.ts";
import type { Curve } from "./curves_svg.ts";
import { NAMES, TITLES } from "./titles.ts";

/** One color each, told apart by most eyes. **Source**: Okabe and Ito (2008). */
const COLORS: Readonly<Record<ContestantName, string>> = {
  ours: "#d55e00",
  alone: "#cc79a7",
  tfjs: "#e69f00",
  ort: "#56b4e9",
  jax: "#009e73",
  litert: "#0072b2",
  ceiling: "#888888",
};

/**
 * Gathers the rows that are points of a curve.
 *
 * @param report The report.
 * @param name Name of the curve.
 * @returns A curve for each contestant.
 */
export function contestantCurves({ rows }: Report, name: string): Curve[] {
  return NAMES.map((contestant) => ({
    title: TITLES[contestant],
    color: COLORS[contestant],
    isLimit: contestant === "ceiling",
    points: rows.flatMap(({ curve, figures }) => {
      const found = figures[contestant];
      if (curve?.name !== name || !found) return [];
      return [{ size: curve.size, value: found.value }];
    }),
  }));
}
