/**
 * Trains a classifier of real handwritten digits with a layer that comes from a sandboxed plugin.
 *
 * Two plugins are loaded by URL from a server on this machine, the second needing the first in a
 * range of versions. Each runs in a process of its own, without files, network, environment or
 * subprocesses. One brings an operator, the other a layer that uses it; the network in `digits.yaml`
 * names that layer. It is trained, saved, loaded into a fresh network, and compared.
 *
 * Permissions, the least that work:
 * - `--allow-net=127.0.0.1`: the server of the plugins, and fetching them from it
 * - `--allow-read=examples,out`: the plugins' sources, the config, the saved weights
 * - `--allow-write=out`: the saved weights
 * - `--allow-run`: the plugins' processes, and the tools that lock them down
 *
 * `deno task demo`, or `deno task demo -- --json` for one line of JSON at the end, or
 * `deno task demo -- --backend webgpu` to compute on a GPU.
 *
 * @module
 */
import {
  type BackendName,
  cosine,
  createEcosystem,
  DataLoader,
  type Ecosystem,
  loadSafetensors,
  type Module,
  type Pipeline,
  type PluginReport,
  saveSafetensors,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { type Digits, loadDigits } from "./mnist_digits.ts";
import { servePlugins } from "./serve_plugins.ts";

const SEED = 1;
const EPOCHS = 8;
const BATCH_SIZE = 128;
const HELD_OUT = 1_000;
const WEIGHTS = "out/model.safetensors";

/** What the last line says with `--json`. */
interface Summary {
  readonly accuracy: number;
  readonly seconds: number;
  readonly plugins: readonly {
    readonly id: string;
    readonly version: string;
    readonly isolation: string;
  }[];
  readonly backend: string;
  readonly identicalAfterReload: boolean;
}

/** Loads the plugins from a server that is there for as long as that takes. */
async function loadPlugins(
  { loader }: Ecosystem,
): Promise<readonly PluginReport[]> {
  await using server = servePlugins(new URL("./plugins/", import.meta.url));
  // In any order: the ranges of versions say which comes first.
  await loader.load([
    `${server.url}gated_units.ts`,
    `${server.url}gates.ts`,
  ]);
  return loader.reports();
}

/** Draws who needs whom. */
function printPlugins(
  { plugins }: Ecosystem,
  reports: readonly PluginReport[],
  out: TextSink,
): void {
  out.write("Plugins\n");
  for (const { pluginId, isolation } of reports) {
    const handle = plugins.get(pluginId)!;
    out.write(`  ${pluginId} ${handle.version} (${isolation})\n`);
    const needs = Object.entries(handle.metadata.dependencies ?? {});
    for (const [id, range] of needs) {
      out.write(
        `    needs ${id} ${range}, found ${plugins.get(id)!.version}\n`,
      );
    }
    for (const line of handle.contributions()) {
      out.write(`    brings ${line}\n`);
    }
  }
}

/** Trains a network and tells its accuracy on digits that it has never seen. */
async function train(
  { model, loss, optimizer }: Pipeline,
  { digits, events, out, signal }: {
    readonly digits: Digits;
    readonly events: Ecosystem["events"];
    readonly out: TextSink;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  out.write(
    `Network ${model.name}, trained on ${
      digits.train.size / 2
    } digits, each also moved by a pixel\n`,
  );
  using trainer = new Trainer({
    model,
    loss: loss!,
    optimizer: optimizer!,
    events,
  });
  const test = new DataLoader(digits.heldOut, { batchSize: 250 });
  const { outcome } = await trainer.fit(
    new DataLoader(digits.train, {
      batchSize: BATCH_SIZE,
      shuffle: true,
      seed: SEED,
    }),
    {
      epochs: EPOCHS,
      schedule: cosine(),
      validation: test,
      progress: out,
      signal,
    },
  );
  const { loss: heldOutLoss, accuracy = 0 } = await trainer.evaluate(test);
  out.write(
    `Held out: loss ${heldOutLoss.toFixed(4)}, accuracy ${
      (100 * accuracy).toFixed(2)
    } % of ${digits.heldOut.size} digits${
      outcome === "aborted" ? " (stopped early)" : ""
    }\n`,
  );
  return accuracy;
}

/** Saves a network, loads it into a fresh one, and tells whether both predict the same. */
async function saveAndCompare(
  model: Module,
  fresh: Module,
  heldOut: Digits["heldOut"],
): Promise<boolean> {
  await Deno.mkdir("out", { recursive: true });
  await saveSafetensors(WEIGHTS, model.stateDict());
  await fresh.loadStateDict(await loadSafetensors(WEIGHTS));
  model.eval();
  fresh.eval();
  for await (using batch of new DataLoader(heldOut, { batchSize: 250 })) {
    const scores = await model.forward(batch.inputs).data();
    const again = await fresh.forward(batch.inputs).data();
    if (scores.some((score, i) => score !== again[i])) return false;
  }
  return true;
}

async function main(
  out: TextSink,
  { backend, signal }: {
    readonly backend: BackendName | "auto";
    readonly signal: AbortSignal;
  },
): Promise<Summary> {
  const start = performance.now();
  await using ecosystem = await createEcosystem({ backend });
  const reports = await loadPlugins(ecosystem);
  printPlugins(ecosystem, reports, out);

  const digits = await loadDigits({ heldOut: HELD_OUT, seed: SEED });
  const config = await Deno.readTextFile(
    new URL("./digits.yaml", import.meta.url),
  );
  const recipe = await ecosystem.recipe(config, { seed: SEED });
  const { events } = ecosystem;
  const accuracy = await train(recipe, { digits, events, out, signal });

  const fresh = await ecosystem.pipeline(config, { seed: SEED + 1 });
  const isIdentical = await saveAndCompare(
    recipe.model,
    fresh,
    digits.heldOut,
  );
  out.write(
    `Saved ${WEIGHTS}; a fresh network with these weights predicts ${
      isIdentical ? "the same" : "something else"
    }\n`,
  );
  const plugins = reports.map(({ pluginId, isolation }) => ({
    id: pluginId,
    version: ecosystem.plugins.get(pluginId)!.version,
    isolation,
  }));
  const { unloaded } = await ecosystem.plugins.shutdown();
  out.write(`Unloaded ${unloaded.join(", ")}\n`);
  return {
    accuracy,
    seconds: (performance.now() - start) / 1000,
    plugins,
    backend: ecosystem.backend.name,
    identicalAfterReload: isIdentical,
  };
}

/** What follows a word of the command line. */
function argumentAfter(word: string): string | undefined {
  const place = Deno.args.indexOf(word);
  return place < 0 ? undefined : Deno.args[place + 1];
}

if (import.meta.main) {
  const out = terminal();
  // Ctrl-C ends training after the batch that is running; what was learned is saved.
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  // A name that no backend has is refused by its code.
  const backend = (argumentAfter("--backend") ?? "auto") as BackendName;
  const summary = await main(out, { backend, signal: stop.signal });
  Deno.removeSignalListener("SIGINT", onInterrupt);
  if (Deno.args.includes("--json")) out.write(`${JSON.stringify(summary)}\n`);
  else out.write(`Done in ${summary.seconds.toFixed(1)} s\n`);
}
