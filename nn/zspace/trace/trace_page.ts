/**
 * A trace as a page that needs nothing but itself: no scripts, no other files, no network.
 *
 * @module
 */
import {
  invalidOption,
  type JsonObject,
  listOf,
} from "../../../core/base/mod.ts";
import { optionsOf } from "../../../ops/mod.ts";
import { assertText } from "../../check/assert_text.ts";
import type { TraceRecord } from "./trace_record.ts";

const WIDTH = 720;
const HEIGHT = 120;

const STYLE = `
body { font: 14px system-ui, sans-serif; max-width: 780px; margin: 2em auto; color: #223; }
svg { width: 100%; background: #f6f7fa; border-radius: 4px; }
table { border-collapse: collapse; } td, th { padding: 2px 10px 2px 0; text-align: left; }
.line { fill: none; stroke: #2563eb; stroke-width: 1.5; }
h2 { font-size: 1em; margin: 1.5em 0 .5em; }
`;

/**
 * Draws a trace: its stages over time, and of each pass the weights of channels, the energy of the
 * dominant one, and the entropy.
 *
 * @param records The records, oldest first.
 * @param options What the page is called.
 * @returns A page of HTML.
 * @throws {OptionError} `INVALID_OPTION` if they are no list.
 */
export function traceToHtml(
  records: readonly TraceRecord[],
  options?: { readonly title?: string },
): string {
  const { title = "ZSpace trace" } = optionsOf("traceToHtml", options);
  const isTrace = listOf("a trace", records).every((each) =>
    typeof each === "object" && each !== null
  );
  if (!isTrace) throw invalidOption("a trace", records, "a list of records");
  assertText("traceToHtml title", title);
  const passes = records.filter(({ kind }) => kind === "aggregated");
  const entropies = passes.map(({ noncollapse }) =>
    numberOf(noncollapse?.["entropy"])
  );
  const energies = passes.map(({ noncollapse }) =>
    numberOf(noncollapse?.["energy_ratio"])
  );
  const name = escapeText(title);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${name}</title><style>${STYLE}</style></head>
<body><h1>${name}</h1>
<p>${records.length} stages, ${passes.length} passes</p>
<h2>Stages over time</h2>${drawStages(records)}
<h2>Weights of channels, pass by pass</h2>${drawWeights(passes)}
<h2>Share of the dominant channel</h2>${drawLine(energies, 1)}
<h2>Entropy of the weights</h2>${drawLine(entropies, largestOf(entropies))}
<h2>Passes</h2>${drawTable(passes)}
</body></html>
`;
}

function drawStages(records: readonly TraceRecord[]): string {
  const kinds = [...new Set(records.map(({ kind }) => kind))];
  const row = 18;
  const marks = records.map(({ kind, step, sequencer }, i) => {
    const x = 170 + (WIDTH - 190) * i / Math.max(records.length - 1, 1);
    const y = row * (kinds.indexOf(kind) + 0.5);
    const tip = `${sequencer ?? ""} step ${step}: ${kind}`;
    return `<circle cx="${fixed(x)}" cy="${y}" r="3" fill="#2563eb"><title>${
      escapeText(tip)
    }</title></circle>`;
  });
  const labels = kinds.map((kind, i) =>
    `<text x="8" y="${row * (i + 0.5) + 4}" font-size="11">${
      escapeText(kind)
    }</text>`
  );
  return svg(Math.max(row * kinds.length, row), [...labels, ...marks]);
}

function drawWeights(passes: readonly TraceRecord[]): string {
  const columns = passes.map(({ payload }) => {
    const diagnostics = payload["diagnostics"] as JsonObject | undefined;
    const weights = diagnostics?.["normalized_weights"];
    return Array.isArray(weights) ? weights.map(numberOf) : [];
  });
  const channels = columns.reduce(
    (most, { length }) => Math.max(most, length),
    1,
  );
  const largest = largestOf(columns.flat());
  const [width, height] = [
    WIDTH / Math.max(columns.length, 1),
    HEIGHT / channels,
  ];
  const cells = columns.flatMap((weights, i) =>
    weights.map((weight, j) =>
      `<rect x="${fixed(i * width)}" y="${fixed(j * height)}" width="${
        fixed(width)
      }" height="${fixed(height)}" fill="#2563eb" fill-opacity="${
        fixed(weight / largest)
      }"><title>pass ${i + 1}, channel ${j}: ${fixed(weight)}</title></rect>`
    )
  );
  const labels = ends("channel 0", `channel ${channels - 1}`);
  return svg(HEIGHT, [...cells, ...labels]);
}

function drawLine(values: readonly number[], top: number): string {
  const points = values.map((value, i) => {
    const x = WIDTH * i / Math.max(values.length - 1, 1);
    return `${fixed(x)},${fixed(HEIGHT * (1 - value / top))}`;
  });
  return svg(HEIGHT, [
    `<polyline class="line" points="${points.join(" ")}"/>`,
    ...ends(fixed(top), "0"),
  ]);
}

function drawTable(passes: readonly TraceRecord[]): string {
  const rows = passes.map(({ step, sequencer = "", noncollapse = {} }) => {
    const cells = [sequencer, step, noncollapse["label"] ?? ""]
      .concat(
        ["energy_ratio", "entropy", "z_bias"].map((name) =>
          fixed(numberOf(noncollapse[name]))
        ),
      );
    return `<tr>${
      cells.map((cell) => `<td>${escapeText(String(cell))}</td>`).join("")
    }</tr>`;
  });
  return `<table><tr><th>sequencer</th><th>step</th><th>label</th><th>energy</th><th>entropy</th><th>bias</th></tr>${
    rows.join("")
  }</table>`;
}

/** What stands at the upper and the lower end of a picture. */
function ends(upper: string, lower: string): readonly string[] {
  return [[12, upper], [HEIGHT - 4, lower]].map(([y, text]) =>
    `<text x="4" y="${y}" font-size="11">${text}</text>`
  );
}

function svg(height: number, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${
    parts.join("")
  }</svg>`;
}

/** The largest of any number of values, and above 0, so that it can be divided by. */
function largestOf(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 1e-9);
}

function fixed(value: number): string {
  return String(Number(value.toFixed(4)));
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
