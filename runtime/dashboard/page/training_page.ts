import { Fragment, h, type VNode } from "preact";
import { useState } from "preact/hooks";
import { Chart, type ChartLine } from "./chart.ts";
import { el, nothing, tile } from "./element.ts";
import { count, number, percent } from "./format.ts";
import type { Curve, Store } from "./store.ts";
import type { CurveGroup } from "./wire.ts";

/** Heights of charts, in pixels. */
const TALL = 300;
const LOW = 190;
/** Most points that are marked. */
const MARKS_MAX = 50;

/**
 * Shows how training goes: figures, and curves over steps.
 *
 * @param props What is known.
 * @returns The page.
 */
export function TrainingPage({ store }: { readonly store: Store }): VNode {
  const { run } = store;
  return h(
    Fragment,
    {},
    el(
      "dl",
      { class: "tiles" },
      tile(
        "Epoch",
        run ? count(run.epoch) : "0",
        run?.epochs ? `of ${count(run.epochs)}` : "",
      ),
      tile("Step", run ? count(run.step) : "0"),
      tile("Loss", number(run?.loss)),
      tile("Validation loss", number(run?.validationLoss)),
      tile("Accuracy", percent(run?.accuracy)),
      tile("Speed", number(run?.examplesPerSecond), "samples/s"),
    ),
    h(LossCard, { store }),
    el(
      "div",
      { class: "cards" },
      card("Accuracy", accuracyLines(store), {
        format: percent,
        missing: "Only a model that chooses among classes has one.",
      }),
      card("Learning rate", plainLines(store, "rate"), { format: number }),
      card("Samples per second", plainLines(store, "speed"), {
        format: number,
      }),
      ...curvesOf(store, "metric").map((curve) =>
        card(curve.name, [lineOf(curve, "accent")], { format: number })
      ),
    ),
  );
}

function LossCard({ store }: { readonly store: Store }): VNode {
  const [isLogarithmic, setLogarithmic] = useState(false);
  const lines = lossLines(store);
  return el(
    "section",
    { class: "card", "aria-labelledby": "loss" },
    el(
      "header",
      {},
      el("h2", { id: "loss" }, "Loss"),
      el(
        "button",
        {
          class: "quiet",
          type: "button",
          "aria-pressed": isLogarithmic,
          onClick: () => setLogarithmic(!isLogarithmic),
        },
        "Log scale",
      ),
    ),
    lines.length === 0
      ? empty(TALL, "It is drawn as soon as a step is done.")
      : h(Chart, {
        name: "Loss",
        lines,
        height: TALL,
        format: number,
        isLogarithmic,
      }),
  );
}

function card(
  name: string,
  lines: readonly ChartLine[],
  { format, missing = "It is drawn as soon as a step is done." }: {
    readonly format: (value: number | null | undefined) => string;
    readonly missing?: string;
  },
): VNode {
  return el(
    "section",
    { class: "card", key: name, "aria-label": name },
    el("header", {}, el("h2", {}, name)),
    lines.length === 0
      ? empty(LOW, missing)
      : h(Chart, { name, lines, height: LOW, format }),
  );
}

/** As high as the chart that will be there, so that nothing moves when it comes. */
function empty(height: number, advice: string): VNode {
  return el(
    "div",
    { class: "empty", style: { height: `${height + 28}px` } },
    nothing("Nothing measured yet", advice),
  );
}

function curvesOf(store: Store, group: CurveGroup): Curve[] {
  return [...store.curves.values()].filter((curve) => curve.group === group);
}

function plainLines(store: Store, group: CurveGroup): ChartLine[] {
  return curvesOf(store, group).map((curve) => lineOf(curve, "accent"));
}

function lineOf({ name, xs, ys }: Curve, color: string): ChartLine {
  return { name, color, xs, ys };
}

function accuracyLines(store: Store): ChartLine[] {
  return curvesOf(store, "accuracy").map((curve) => ({
    ...lineOf(curve, curve.name === "validation" ? "second" : "accent"),
    isMarked: hasFewPoints(curve),
  }));
}

function lossLines(store: Store): ChartLine[] {
  const curves = curvesOf(store, "loss");
  const steps = curves.find(({ name }) => name === "each step");
  const passes = curves.find(({ name }) => name === "each pass");
  const validation = curves.find(({ name }) => name === "validation");
  const training: ChartLine[] = steps
    ? [
      { ...lineOf(steps, "accent"), isFaint: true },
      { ...lineOf(steps, "accent"), name: "smoothed", ys: smoothed(steps.ys) },
    ]
    : passes
    ? [{ ...lineOf(passes, "accent"), isMarked: hasFewPoints(passes) }]
    : [];
  return validation
    ? [...training, {
      ...lineOf(validation, "second"),
      isMarked: hasFewPoints(validation),
    }]
    : training;
}

/** More marks than that hide their line. */
function hasFewPoints({ xs }: Curve): boolean {
  return xs.length <= MARKS_MAX;
}

/** Exponentially weighted means, over the more points the more there are. */
function smoothed(values: readonly (number | null)[]): (number | null)[] {
  const share = Math.max(0.1, Math.min(0.5, 30 / values.length));
  let mean: number | null = null;
  return values.map((value) => {
    if (value === null) return null;
    mean = mean === null ? value : mean + share * (value - mean);
    return mean;
  });
}
