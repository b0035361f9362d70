import { assert, assertEquals } from "@std/assert";
import { bestEpoch, epochTable } from "./epoch_table.ts";
import { learningCurvesSvg, learningCurvesText } from "./learning_curves.ts";
import type { EpochReport } from "./progress.ts";

function report(epoch: number, loss: number, validation?: number): EpochReport {
  return {
    epoch,
    loss,
    accuracy: validation === undefined ? undefined : 0.5,
    validation: validation === undefined
      ? undefined
      : { loss: validation, accuracy: 0.25 },
    durationMs: 1234,
  };
}

Deno.test("epochTable() has a line a pass, and a star at the best", () => {
  assertEquals(
    epochTable([report(1, 2, 1.5), report(2, 1, 1.25), report(3, 0.5, 1.75)])
      .split("\n"),
    [
      "epoch      loss  accuracy  validation loss  validation accuracy  seconds",
      "    1     2.000   50.00 %            1.500              25.00 %      1.2",
      "    2 *   1.000   50.00 %            1.250              25.00 %      1.2",
      "    3    0.5000   50.00 %            1.750              25.00 %      1.2",
    ],
  );
  assertEquals(epochTable([report(1, 2)]).split("\n"), [
    "epoch     loss  seconds",
    "    1 *  2.000      1.2",
  ]);
});

Deno.test("epochTable() shows the first, the last and the best of many", () => {
  const reports = Array.from(
    { length: 100 },
    (_, i) => report(i + 1, Math.abs(i - 62) + 1),
  );
  const lines = epochTable(reports).split("\n").slice(1);
  assert(lines.length <= 12);
  const epochs = lines.map((line) => parseInt(line));
  assertEquals([epochs[0], epochs.at(-1)], [1, 100]);
  assertEquals(
    lines.filter((line) => line.includes("*")).map((line) => parseInt(line)),
    [63],
  );
});

Deno.test("bestEpoch() passes over what is no number", () => {
  assertEquals(
    bestEpoch([report(1, NaN), report(2, 3), report(3, 4)])!.epoch,
    2,
  );
  assertEquals(bestEpoch([report(1, NaN)]), undefined);
  assertEquals(bestEpoch([]), undefined);
});

Deno.test("learningCurvesText() draws from the first pass to the last, high losses on top", () => {
  const text = learningCurvesText([report(1, 4), report(2, 2), report(3, 1)], {
    columns: 13,
    rows: 4,
  });
  assertEquals(text.split("\n"), [
    "   4.000 │·",
    "         │",
    "         │ ·",
    "   1.000 │  ·",
    "         └───",
    "          · loss",
  ]);
});

Deno.test("learningCurvesText() draws two curves, and leaves gaps", () => {
  const text = learningCurvesText([report(1, NaN, 3), report(2, 2, 1)], {
    columns: 12,
    rows: 3,
  });
  assertEquals(text.split("\n").slice(0, 3), [
    "   3.000 │x",
    "         │ ·",
    "   1.000 │ x",
  ]);
  assertEquals(learningCurvesText([report(1, NaN)]), "");
  assertEquals(learningCurvesText([]), "");
});

Deno.test("learningCurvesSvg() has a line a curve, from corner to corner", () => {
  const svg = learningCurvesSvg([
    report(1, 3, 3),
    report(2, 2, 2),
    report(3, 1, 2),
  ]);
  assertEquals(svg.match(/<polyline/g)!.length, 2);
  assert(svg.includes('points="56.0,16.0 340.0,168.0 624.0,320.0"'), svg);
  assert(svg.includes(">validation loss</text>") && svg.endsWith("</svg>"));
});

Deno.test("learningCurvesSvg() draws a pass alone as a point, and nothing of what is no number", () => {
  assertEquals(learningCurvesSvg([report(1, 2)]).match(/<circle/g)!.length, 1);
  const gap = learningCurvesSvg([report(1, 2), report(2, NaN), report(3, 1)]);
  assertEquals(gap.match(/<circle/g)!.length, 2);
  assertEquals(
    /NaN|<circle|<poly/.test(learningCurvesSvg([report(1, NaN)])),
    false,
  );
});
