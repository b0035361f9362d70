/** A line through points, and what it is called. */
export interface Curve {
  readonly title: string;
  readonly color: string;
  /** Whether it is a limit, not somebody's figures. */
  readonly isLimit?: boolean;
  readonly points: readonly {
    readonly size: number;
    readonly value: number;
  }[];
}

const [WIDTH, HEIGHT] = [720, 400];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 170, 24, 48];
const STEPS = 5;

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
 * @param all The curves; those of less than two points are left out.
 * @param axes What the axes are called.
 * @returns An SVG document; `undefined` where there is no curve.
 */
export function curvesSvg(
  all: readonly Curve[],
  { xTitle, yTitle }: {
    readonly xTitle: string;
    readonly yTitle: string;
  },
): string | undefined {
  const curves = all.filter(({ points }) => points.length > 1);
  if (curves.length === 0) return undefined;
  const points = curves.flatMap(({ points }) => points);
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
  const ends = curves
    .map(({ title, color, points }) => ({ title, color, last: points.at(-1)! }))
    .sort((a, b) => b.last.value - a.last.value)
    .map(({ title, color, last }) => {
      lowest = Math.max(y(last.value) + 4, lowest + 16);
      return text(title, {
        x: x(last.size) + 10,
        y: lowest,
        anchor: "start",
        fill: color,
      });
    });
  const lines = curves.map(({ points, color, isLimit }) => {
    const path = points.map(({ size, value }) => `${x(size)},${y(value)}`);
    const dash = isLimit ? ' stroke-dasharray="4 4"' : "";
    return `<polyline points="${
      path.join(" ")
    }" fill="none" stroke-width="2" stroke="${color}"${dash}/>`;
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
