import type { ContestantName, Report } from "../results.ts";
import { NAMES, TITLES } from "./titles.ts";

const [WIDTH, HEIGHT] = [720, 400];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 170, 24, 48];
const STEPS = 5;

/** One color each, told apart by most eyes. **Source**: Okabe and Ito (2008). */
const COLORS: Readonly<Record<ContestantName, string>> = {
  ours: "#d55e00",
  tfjs: "#e69f00",
  ort: "#56b4e9",
  jax: "#009e73",
  litert: "#0072b2",
  ceiling: "#888888",
};

interface Point {
  readonly size: number;
  readonly value: number;
}

function curvesOf(
  { rows }: Report,
  name: string,
): Map<ContestantName, Point[]> {
  const curves = new Map<ContestantName, Point[]>();
  for (const contestant of NAMES) {
    const points = rows.flatMap(({ curve, figures }) => {
      const found = figures[contestant];
      if (curve?.name !== name || !found) return [];
      return [{ size: curve.size, value: found.value }];
    });
    if (points.length > 1) curves.set(contestant, points);
  }
  return curves;
}

function text(
  content: string | number,
  { x, y, anchor, fill = "#444" }: {
    readonly x: number;
    readonly y: number;
    readonly anchor: "end" | "middle" | "start";
    readonly fill?: string;
  },
): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${content}</text>`;
}

/**
 * Draws how figures change with size: sizes on a logarithmic axis, figures from 0.
 *
 * @param report The report.
 * @param curve Which rows, and what the axes are called.
 * @returns An SVG document; `undefined` where there are not two points.
 */
export function curvesSvg(
  report: Report,
  { name, xTitle, yTitle }: {
    readonly name: string;
    readonly xTitle: string;
    readonly yTitle: string;
  },
): string | undefined {
  const curves = curvesOf(report, name);
  if (curves.size === 0) return undefined;
  const points = [...curves.values()].flat();
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) =>
    a - b
  );
  const top = Math.ceil(
    Math.max(...points.map(({ value }) => value)) / (2 * STEPS),
  ) * 2 * STEPS;
  const span = Math.log2(sizes.at(-1)! / sizes[0]!);
  const x = (size: number) =>
    Math.round(
      LEFT + (WIDTH - LEFT - RIGHT) * Math.log2(size / sizes[0]!) / span,
    );
  const y = (value: number) =>
    Math.round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top);
  const grid = Array.from({ length: STEPS + 1 }, (_, i) => {
    const value = top * i / STEPS;
    return `<path d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" stroke="#ddd"/>` +
      text(value, { x: LEFT - 8, y: y(value) + 4, anchor: "end" });
  });
  const ticks = sizes.map((size) =>
    text(size, { x: x(size), y: HEIGHT - BOTTOM + 20, anchor: "middle" })
  );
  // Names at the ends of the lines, kept apart from one another.
  let lowest = -Infinity;
  const ends = [...curves]
    .map(([contestant, line]) => ({ contestant, last: line.at(-1)! }))
    .sort((a, b) => b.last.value - a.last.value)
    .map(({ contestant, last }) => {
      lowest = Math.max(y(last.value) + 4, lowest + 16);
      return text(TITLES[contestant], {
        x: x(last.size) + 10,
        y: lowest,
        anchor: "start",
        fill: COLORS[contestant],
      });
    });
  const lines = [...curves].map(([contestant, line]) => {
    const path = line.map(({ size, value }) => `${x(size)},${y(value)}`);
    const dash = contestant === "ceiling" ? ' stroke-dasharray="4 4"' : "";
    return `<polyline points="${
      path.join(" ")
    }" fill="none" stroke-width="2" stroke="${COLORS[contestant]}"${dash}/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    ...ticks,
    text(yTitle, { x: 8, y: TOP - 8, anchor: "start" }),
    text(xTitle, {
      x: (LEFT + WIDTH - RIGHT) / 2,
      y: HEIGHT - 8,
      anchor: "middle",
    }),
    ...lines,
    ...ends,
    "</svg>",
    "",
  ].join("\n");
}
