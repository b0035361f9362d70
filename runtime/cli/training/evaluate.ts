import { type MetricValue, Sgd, Trainer } from "../../../nn/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { textTable } from "../text_table.ts";
import { withEcosystem } from "../with_ecosystem.ts";
import { loadData } from "./load_data.ts";
import { loadRun, requirePart } from "./load_run.ts";
import { loadWeights } from "./load_weights.ts";
import { measuresJson } from "./train.ts";

/**
 * Measures a trained model: on what its config keeps back, or on all of another file.
 *
 * @param input The command line.
 * @returns The measures.
 */
export function evaluate(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, async ({ modules }) => {
    const run = await loadRun(input, { modules });
    const { model, optimizer = new Sgd() } = run.recipe;
    await loadWeights(model, input);
    const { train, validation } = await loadData(run, {
      file: input.options.text("data"),
    });
    const data = validation ?? train;
    using trainer = new Trainer({
      model,
      loss: requirePart(run, "loss", run.recipe.loss),
      optimizer,
      metrics: run.recipe.metrics,
    });
    const measures = await trainer.evaluate(data);
    model.dispose();
    const samples = data.sampleCount ?? null;
    return {
      data: { ...measuresJson(measures), samples },
      text: () => {
        const { loss, accuracy, metrics = {} } = measures;
        const share = accuracy === undefined
          ? ""
          : `, accuracy ${(100 * accuracy).toFixed(2)} %`;
        return [
          `loss ${loss.toPrecision(4)}${share} on ${samples} samples`,
          ...Object.entries(metrics).map(metricText),
        ].join("\n");
      },
    };
  });
}

/** A number beside its name; several as a table below it. */
function metricText([name, value]: readonly [string, MetricValue]): string {
  if (typeof value === "number") return `${name} ${rounded(value)}`;
  const rows = value.map((row) => typeof row === "number" ? [row] : row);
  return `${name}\n${textTable(rows.map((row) => row.map(rounded)))}`;
}

function rounded(value: MetricValue): string {
  return typeof value === "number"
    ? String(Number(value.toPrecision(4)))
    : JSON.stringify(value);
}
