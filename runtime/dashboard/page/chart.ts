import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { el } from "./element.ts";
import { count } from "./format.ts";
import { color, watchTheme } from "./theme.ts";

/** One line of a chart. */
export interface ChartLine {
  /** What it is called. */
  readonly name: string;
  /** Name of its color in the style sheet. */
  readonly color: string;
  /** Whether it stands behind the others. */
  readonly isFaint?: boolean;
  /** Whether its points are marked: it has few. */
  readonly isMarked?: boolean;
  /** Steps, increasing. */
  readonly xs: readonly number[];
  /** Values. */
  readonly ys: readonly (number | null)[];
}

/** A chart. */
export interface ChartProps {
  /** What it shows. */
  readonly name: string;
  /** Its lines. */
  readonly lines: readonly ChartLine[];
  /** How high it is, in pixels. */
  readonly height: number;
  /**
   * Writes a value.
   *
   * @param value The value.
   * @returns The text.
   */
  readonly format: (value: number | null | undefined) => string;
  /** Whether equal ratios are equally far apart. */
  readonly isLogarithmic?: boolean;
}

/**
 * Draws lines over steps. What the pointer is over is told above them; without a pointer, the last
 * values.
 *
 * @param props The chart.
 * @returns The element.
 */
export function Chart(props: ChartProps): VNode {
  const { name, lines, height, format, isLogarithmic = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [index, setIndex] = useState<number | null>(null);
  const [theme, setTheme] = useState(0);
  const table = tableOf(lines, isLogarithmic);
  const shape = lines.map(({ name, isMarked }) => `${name} ${isMarked}`)
    .join("\n");

  useEffect(() => watchTheme(() => setTheme((count) => count + 1)), []);
  useEffect(() => {
    const parent = place.current!;
    const made = new uPlot(
      optionsFor(props, { width: parent.clientWidth, onIndex: setIndex }),
      table,
      parent,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: parent.clientWidth, height })
    );
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, height, isLogarithmic, theme]);
  useEffect(() => plot.current?.setData(table));

  const shown = lines.map((line, i) => {
    const under = index === null ? undefined : table[i + 1]?.[index];
    const value = under ?? line.ys.findLast((y) => y !== null);
    return { ...line, text: format(value) };
  });
  const step = index === null ? undefined : table[0][index];
  return el(
    "figure",
    { class: "chart" },
    el(
      "figcaption",
      { class: "legend" },
      shown.map(({ name, color, isFaint, text }) =>
        el(
          "span",
          { class: isFaint ? "key faint" : "key", key: name },
          el("i", { class: `swatch ${color}`, "aria-hidden": "true" }),
          `${name} `,
          el("b", {}, text),
        )
      ),
      el(
        "span",
        { class: "key at" },
        step === undefined ? "" : `at step ${count(step)}`,
      ),
    ),
    el("div", {
      ref: place,
      class: "plot",
      style: { height: `${height}px` },
      role: "img",
      "aria-label": `${name}: ${
        shown.map(({ name, text }) => `${name} ${text}`).join(", ")
      }`,
    }),
  );
}

/** All lines over the steps of all of them. */
function tableOf(
  lines: readonly ChartLine[],
  isLogarithmic: boolean,
): uPlot.AlignedData {
  if (lines.length === 0) return [[]];
  return uPlot.join(lines.map(({ xs, ys }): uPlot.AlignedData => [
    [...xs],
    // A logarithmic scale has no place for what is not above 0.
    ys.map((y) => isLogarithmic && y !== null && y <= 0 ? null : y),
  ]));
}

function optionsFor(
  { lines, height, format, isLogarithmic = false }: ChartProps,
  { width, onIndex }: {
    readonly width: number;
    readonly onIndex: (index: number | null) => void;
  },
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: color("muted"),
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { time: false },
      y: isLogarithmic ? { distr: 3 } : {},
    },
    axes: [
      {
        ...axis,
        size: 28,
        values: (_, ticks) => ticks.map((tick) => count(tick)),
      },
      {
        ...axis,
        size: 62,
        values: (_, ticks) =>
          ticks.map((tick) => tick === null ? "" : format(tick)),
      },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: color(line.color),
        alpha: line.isFaint ? 0.35 : 1,
        width: line.isFaint ? 1 : 2,
        points: {
          show: line.isMarked ?? false,
          size: 6,
          fill: color("surface"),
        },
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onIndex(cursor.idx ?? null)] },
  };
}
