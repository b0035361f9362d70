import type { Json } from "../../../core/base/mod.ts";
import {
  type EpochReport,
  type FitResult,
  learningCurvesSvg,
  type Measures,
  Trainer,
} from "../../../nn/mod.ts";
import { PluginEventJsonlWriter } from "../../../core/mod.ts";
import { checkpointFile } from "../../checkpoint_file.ts";
import { saveSafetensors } from "../../weights_file.ts";
import type { Ecosystem } from "../../ecosystem.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliUsage } from "../errors.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { prepareFile, writeText } from "../files.ts";
import { withEcosystem } from "../with_ecosystem.ts";
import type { TrainingDash } from "../dash/training_dash.ts";
import { loadData, type RunData } from "./load_data.ts";
import { loadRun, requirePart, type Run } from "./load_run.ts";

/**
 * Trains the model of a config.
 *
 * @param input The command line.
 * @returns How it went.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE` if the config names no loss, optimizer or data; `CLI_USAGE`
 * for `--resume` without `--checkpoint`; `CLI_FILE_UNREADABLE` if a file that it names cannot be written.
 */
export async function train(input: CommandInput): Promise<CommandResult> {
  const { options } = input;
  if (options.isOn("resume") && options.text("checkpoint") === undefined) {
    throw cliUsage("found --resume alone, wanted --checkpoint with it");
  }
  for (const name of ["save", "curves", "log"]) {
    const path = options.text(name);
    if (path !== undefined) await prepareFile(path);
  }
  if (!options.isOn("dash")) return await trainShown(input);
  await using stack = new AsyncDisposableStack();
  // Nobody else loads a server.
  const { openTrainingDash } = await import("../dash/training_dash.ts");
  const dash = stack.use(await openTrainingDash(input));
  const result = await trainShown(input, dash);
  stack.move();
  return { ...result, goOn: () => dash.stay() };
}

async function trainShown(
  input: CommandInput,
  dash?: TrainingDash,
): Promise<CommandResult> {
  const { options } = input;
  await using stack = new AsyncDisposableStack();
  async function onCreate(ecosystem: Ecosystem): Promise<void> {
    dash?.follow(ecosystem);
    const log = options.text("log");
    if (log === undefined) return;
    stack.use(await PluginEventJsonlWriter.open(ecosystem.events, log));
  }
  return await withEcosystem(input, async (ecosystem) => {
    const { modules, events, backend } = ecosystem;
    const run = await loadRun(input, { modules });
    const { model } = run.recipe;
    const { nanGuard, gradientCheckpointing, precision } = run.training;
    const loss = requirePart(run, "loss", run.recipe.loss);
    using trainer = new Trainer({
      model,
      loss,
      optimizer: requirePart(run, "optimizer", run.recipe.optimizer),
      metrics: run.recipe.metrics,
      nanGuard,
      gradientCheckpointing,
      precision,
      events,
    });
    const data = await loadData(run, {
      file: options.text("data"),
      augment: true,
    });
    if (dash || options.text("log") !== undefined) {
      // Nobody else loads what measures kernels and lays graphs out.
      const { announceTraining } = await import("../../dashboard/mod.ts");
      const described = { model, loss, data: data.train, backend, precision };
      await announceTraining(events, described);
    }
    const result = await fit(trainer, { ...run, ...data }, input);
    const saved = options.text("save");
    if (saved !== undefined) await saveSafetensors(saved, model.stateDict());
    const curves = options.text("curves");
    if (curves !== undefined) {
      await writeText(curves, learningCurvesSvg(result.epochs));
    }
    model.dispose();
    return toResult(result, input);
  }, { onCreate });
}

async function fit(
  trainer: Trainer,
  { training, recipe, train, validation }: Run & RunData,
  { options, progress, io: { signal } }: CommandInput,
): Promise<FitResult> {
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
    log: options.text("log"),
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
        ...!isAborted && options.isOn("dash")
          ? [dim("the dashboard stays until Ctrl-C")]
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
