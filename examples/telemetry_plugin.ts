/**
 * A training run that is watched by a plugin in a process of its own: it hears of measurements and
 * epochs, and its summaries come back as events.
 *
 * Permissions, the least that work:
 * - `--allow-read=examples/plugins`: the plugin's source
 * - `--allow-run`: the plugin's process, and the tools that lock it down
 *
 * `deno run --allow-read=examples/plugins --allow-run examples/telemetry_plugin.ts`
 *
 * @module
 */
import {
  Adam,
  createEcosystem,
  DataLoader,
  Linear,
  mse,
  Relu,
  Sequential,
  terminal,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { pointsOf } from "./points.ts";

/** How often to go through the data. */
const EPOCHS = 3;

/** What the plugin publishes when an epoch ends. */
interface Summary {
  readonly epoch: number;
  readonly loss: number;
  readonly lowestLoss: number;
  readonly readings: number;
  readonly meanStepMs: number;
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 */
export async function runTelemetryPlugin(
  print: (line: string) => void,
): Promise<void> {
  await using ecosystem = await createEcosystem({
    baseUrl: new URL("./plugins/", import.meta.url),
  });
  const { events, loader, plugins } = ecosystem;
  await loader.load("./epoch_summary.ts");
  const ids = plugins.findByCapability("Telemetry").map(({ id }) => id);
  print(`Watched by ${ids.join(", ")}`);

  // A plugin in a process hears of events a little later: the last summary may come after the training.
  const { promise: isSummedUp, resolve } = Promise.withResolvers<void>();
  events.subscribe("epoch_summary", (event, { source }) => {
    if (event.kind !== "Custom") return;
    const summary = event.data as Summary;
    print(
      `  ${source}: epoch ${summary.epoch}, loss ${
        summary.loss.toFixed(4)
      }, lowest ${
        summary.lowestLoss.toFixed(4)
      } in ${summary.readings} readings, ${
        summary.meanStepMs.toFixed(1)
      } ms a step`,
    );
    if (summary.epoch === EPOCHS) resolve();
  });

  using trainer = new Trainer({
    model: new Sequential([
      new Linear({ inFeatures: 1, outFeatures: 16, seed: 1 }),
      new Relu(),
      new Linear({ inFeatures: 16, outFeatures: 1, seed: 2 }),
    ]),
    loss: mse,
    optimizer: new Adam({ learningRate: 0.02 }),
    events,
  });
  await trainer.fit(
    new DataLoader(pointsOf((x) => x * x, 256), {
      batchSize: 32,
      shuffle: true,
      seed: 1,
    }),
    { epochs: EPOCHS },
  );
  await isSummedUp;
}

if (import.meta.main) {
  const out = terminal();
  await runTelemetryPlugin((line) => out.write(`${line}\n`));
}
