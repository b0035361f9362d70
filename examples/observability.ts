/**
 * A plugin in a sandbox and a training run as OpenTelemetry: spans that nest as the work does, metrics and
 * logs. Whoever collects them is named by OpenTelemetry's own variables; without `OTEL_DENO=true` nothing
 * is sent, and the program does the same.
 *
 * Permissions, the least that work:
 * - `--allow-read=examples/plugins`: the plugin's source
 * - `--allow-run`: the plugin's process, and the tools that lock it down
 *
 * `deno run --allow-read=examples/plugins --allow-run examples/observability.ts`
 *
 * With a collector at its usual address, `http://localhost:4318`, begin the command with
 * `OTEL_DENO=true OTEL_SERVICE_NAME=spiraltorch`.
 *
 * @module
 */
import {
  Adam,
  createEcosystem,
  DataLoader,
  Linear,
  mse,
  Sequential,
  Tanh,
  tensor,
  terminal,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { consoleLog, startTelemetry } from "@spiraltorch/spiraltorch/telemetry";
import { pointsOf } from "./points.ts";

/**
 * Runs the program.
 *
 * @param print Writes one line.
 */
export async function runObservability(
  print: (line: string) => void,
): Promise<void> {
  await using ecosystem = await createEcosystem({
    baseUrl: new URL("./plugins/", import.meta.url),
    log: consoleLog,
  });
  const { events, loader, operators } = ecosystem;
  using _telemetry = startTelemetry({ events, kernels: true });

  await loader.load("./operators.ts");
  const x = tensor([-3, 0, 1]);
  const [y] = operators.execute("operators:remote_softsign", [x]);
  print(`Computed in the sandbox: ${(await y!.data()).join(" ")}`);

  using trainer = new Trainer({
    model: new Sequential([
      new Linear({ inFeatures: 1, outFeatures: 8, seed: 1 }),
      new Tanh(),
      new Linear({ inFeatures: 8, outFeatures: 1, seed: 2 }),
    ]),
    loss: mse,
    optimizer: new Adam({ learningRate: 0.02 }),
    events, // what losses and examples are counted by
  });
  const line = pointsOf((x) => 2 * x + 1, 64);
  const data = new DataLoader(line, { batchSize: 16, seed: 1 });
  const { epochs } = await trainer.fit(data, { epochs: 2 });
  for (const { epoch, loss } of epochs) {
    print(`Epoch ${epoch}: loss ${loss.toFixed(3)}`);
  }
}

if (import.meta.main) {
  const out = terminal();
  await runObservability((line) => out.write(`${line}\n`));
}
