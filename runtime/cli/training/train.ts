import type { Json } from "../../../core/base/mod.ts";
import {
  type EpochReport,
  type FitResult,
  learningCurvesSvg,
  type Measures,
  Trainer,
} from "../../../nn/mod.ts";
import { checkpointFile } from "../../checkpoint_file.ts";
import { saveSafetensors } from "../../weights_file.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliUsage } from "../errors.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { writeText } from "../files.ts";
import { withEcosystem } from "../with_ecosystem.ts";
import { loadData } from "./load_data.ts";
import { loadRun, requirePart, type Run } from "./load_run.ts";

/**
 * Trains the model of a config.
 *
 * @param input The command line.
 * @returns How it went.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE` if the config names no loss, optimizer or data; `CLI_USAGE`
 * for `--resume` without `--checkpoint`.
 */
export function train(input: CommandInput): Promise<CommandResult> {
  const { options } = input;
  if (options.isOn("resume") && options.text("checkpoint") === undefined) {
    throw cliUsage("found --resume alone, wanted --checkpoint with it");
  }
  return withEcosystem(input, async ({ modules, events }) => {
    const run = await loadRun(input, { modules });
    const { model } = run.recipe;
    const { nanGuard, gradientCheckpointing, precision } = run.training;
    using trainer = new Trainer({
      model,
      loss: requirePart(run, "loss", run.recipe.loss),
      optimizer: requirePart(run, "optimizer", run.recipe.optimizer),
      metrics: run.recipe.metrics,
      nanGuard,
      gradientCheckpointing,
      precision,
      events,
    });
    const result = await fit(trainer, run, input);
    const saved = options.text("save");
    if (saved !== undefined) await saveSafetensors(saved, model.stateDict());
    const curves = options.text("curves");
    if (curves !== undefined) {
      await writeText(curves, learningCurvesSvg(result.epochs));
    }
    model.dispose();
    return toResult(result, input);
  });
}

async function fit(
  trainer: Trainer,
  run: Run,
  { options, progress, io: { signal } }: CommandInput,
): Promise<FitResult> {
  const { training, recipe } = run;
  const { train, validation } = await loadData(run, {
    file: options.text("data"),
    augment: true,
  });
  const path = options.text("checkpoint");
  const store = path === undefined ? undefined : checkpointFile(path);
  if (store && options.isOn("resume")) await trainer.resume(store);
  const everySteps = options.count("every");
  return await trainer.fit(train, {
    epochs: options.count("epochs") ?? training.epochs,
    callbacks: recipe.callbacks,
    ...recipe.schedule && { schedule: recipe.schedule },
    signal,
    ...validation && { validation },
    ...progress && { progress },
    ...store && {
      checkpoint: {
        store,
        ...everySteps === undefined ? {} : { everySteps },
      },
    },
  });
}

function toResult(
  { outcome, epochs }: FitResult,
  { options }: CommandInput,
): CommandResult {
  const last = epochs.at(-1);
  const checkpoint = options.text("checkpoint");
  const files = Object.entries({
    checkpoint,
    weights: options.text("save"),
    curves: options.text("curves"),
  }).flatMap(([name, path]) =>
    path === undefined ? [] : [[name, path] as const]
  );
  const isAborted = outcome === "aborted";
  return {
    data: {
      outcome,
      epochs: epochs.map(reportJson),
      ...Object.fromEntries(files),
    },
    text: ({ green, yellow, dim }) =>
      [
        `${
          (isAborted ? yellow : green)(outcome)
        } after ${epochs.length} epochs${
          last ? `, loss ${last.loss.toPrecision(4)}` : ""
        }`,
        ...files.map(([name, path]) => `${name} in ${path}`),
        ...isAborted && checkpoint !== undefined
          ? [dim("go on with the same line and --resume")]
          : [],
      ].join("\n"),
    exitCode: isAborted ? EXIT_CODES.interrupted : EXIT_CODES.fine,
  };
}

function reportJson(
  { epoch, durationMs, validation, ...measures }: EpochReport,
): Json {
  return {
    epoch,
    durationMs,
    ...measuresJson(measures),
    ...validation ? { validation: measuresJson(validation) } : {},
  };
}

/**
 * Writes measures as plain data: what was not measured is left out.
 *
 * @param measures The measures.
 * @returns The data.
 */
export function measuresJson(
  { loss, accuracy, metrics }: Measures,
): Readonly<Record<string, Json>> {
  return {
    loss,
    ...accuracy === undefined ? {} : { accuracy },
    ...metrics && { metrics },
  };
}
