/**
 * Reads definitions: which of 26 kinds of things is each of WordNet's definitions of nouns about?
 *
 * `zspace_text.yaml` describes a network in which a coherence sequencer weighs and smooths the words of a
 * definition. It is trained by compiled steps; after each pass over the data, a recorder is told what the
 * sequencer makes of 64 definitions that are held out, and publishes it; a telemetry plugin listens. The
 * trace is written to a file, read back, and drawn. For comparison, the same network is trained without the
 * sequencer, and naive Bayes counts words.
 *
 * Permissions, the least that work:
 * - `--allow-read=examples,out`: the network's description, the trace
 * - `--allow-write=out`: the trace and its picture
 *
 * `deno run --allow-read=examples,out --allow-write=out examples/zspace_text.ts`, with `--json` for one
 * line of JSON at the end.
 *
 * @module
 */
import { parse } from "@std/yaml";
import {
  type BatchSource,
  cosine,
  createEcosystem,
  DataLoader,
  definePlugin,
  type Ecosystem,
  linearWarmup,
  parseTraceRecord,
  type Plugin,
  tensor,
  terminal,
  type TextSink,
  type TraceRecord,
  traceToHtml,
  Trainer,
  ZSpacePluginRegistry,
  ZSpaceTraceRecorder,
} from "@spiraltorch/spiraltorch";
import { naiveBayesAccuracy } from "./naive_bayes.ts";
import {
  type Glosses,
  loadGlosses,
  toDataset,
  WORDS,
} from "./wordnet_glosses.ts";

const BATCH_SIZE = 256;
const WATCHED = 64;

/** The type of the module that one of both networks lacks. */
const SEQUENCER = "zspace_coherence_sequencer";

/** Options of {@linkcode runZSpaceText}. */
export interface ZSpaceTextOptions {
  /** How often to go through the definitions. */
  readonly epochs: number;
  /** How many definitions are kept back. */
  readonly heldOut: number;
  /** How many definitions are trained on at most; all others if left out. */
  readonly trainMax?: number;
  /** What weights, order and dropout depend on. */
  readonly seed: number;
  /** Where the trace and its picture are written, without their extensions; nowhere if left out. */
  readonly tracePath?: string;
  /** Where progress is shown. */
  readonly out: TextSink;
  /** Ends training after the batch that is running. */
  readonly signal?: AbortSignal;
}

/** What the program found. */
export interface ZSpaceTextResults {
  /** Share of held out definitions that the network gets right. */
  readonly accuracy: number;
  /** The same without the sequencer. */
  readonly accuracyWithoutSequencer: number;
  /** The same of naive Bayes. */
  readonly accuracyOfNaiveBayes: number;
  /** Stages that the telemetry plugin was told of, by kind. */
  readonly stages: Readonly<Record<string, number>>;
  /** The trace, oldest first. */
  readonly trace: readonly TraceRecord[];
}

/** Counts the sequencer's stages that reach the event bus, and says what each pass was like. */
function telemetryPlugin(
  stages: Record<string, number>,
  out: TextSink,
): Plugin {
  return definePlugin({
    metadata: {
      id: "text_telemetry",
      version: "1.0.0",
      capabilities: ["Telemetry"],
    },
    eventTypes: ["ZSpaceTrace"],
    onEvent(event) {
      if (event.kind !== "Custom") return;
      const { kind, noncollapse } = event.data as TraceRecord;
      stages[kind] = (stages[kind] ?? 0) + 1;
      if (noncollapse === undefined) return;
      const { entropy, label } = noncollapse;
      const share = Number(noncollapse["energy_ratio"]).toFixed(3);
      out.write(
        `  words: entropy ${
          Number(entropy).toFixed(3)
        }, share of the dominant one ${share}, ${label}\n`,
      );
    },
  });
}

/** Data after each pass of which something is done, while nothing is trained. */
function withPause(data: BatchSource, pause: () => Promise<void>): BatchSource {
  return {
    batchCount: data.batchCount,
    sampleCount: data.sampleCount,
    async *epoch(index) {
      yield* data.epoch(index);
      await pause();
    },
  };
}

/** Trains a network, and tells its accuracy on definitions that it has never seen. */
async function train(
  ecosystem: Ecosystem,
  config: unknown,
  { glosses, options: { epochs, seed, out, signal } }: {
    readonly glosses: Glosses;
    readonly options: ZSpaceTextOptions;
  },
): Promise<number> {
  const { model, loss, optimizer } = await ecosystem.recipe(config, { seed });
  using trainer = new Trainer({ model, loss: loss!, optimizer: optimizer! });
  const watched = tensor(glosses.heldOut.words.slice(0, WATCHED * WORDS), {
    shape: [WATCHED, WORDS],
  });
  const data = new DataLoader(toDataset(glosses.train), {
    batchSize: BATCH_SIZE,
    shuffle: true,
    seed,
  });
  const heldOut = new DataLoader(toDataset(glosses.heldOut), {
    batchSize: 500,
  });
  await trainer.fit(
    withPause(data, async () => {
      // Compiled steps tell nobody of their stages: this pass is described for those who watch.
      model.forward(watched);
      for (const one of ecosystem.zspace.sequencers()) await one.settled();
    }),
    {
      epochs,
      schedule: linearWarmup({ share: 0.05, then: cosine() }),
      validation: heldOut,
      progress: out,
      ...signal && { signal },
    },
  );
  const { accuracy = 0 } = await trainer.evaluate(heldOut);
  model.dispose();
  return accuracy;
}

/** Writes a trace, reads it back, and draws what has been read. */
async function writeTrace(
  recorder: ZSpaceTraceRecorder,
  path: string,
): Promise<void> {
  await recorder.writeJsonl(`${path}.jsonl`);
  const text = await Deno.readTextFile(`${path}.jsonl`);
  const records = text.split("\n")
    .flatMap((line, i) => line ? parseTraceRecord(line, { line: i + 1 }) : []);
  const page = traceToHtml(records, { title: "Words of definitions" });
  await Deno.writeTextFile(`${path}.html`, page);
}

/** The description of the network, with the sequencer and without. */
async function readConfigs(): Promise<
  readonly [whole: unknown, less: unknown]
> {
  const text = await Deno.readTextFile(
    new URL("./zspace_text.yaml", import.meta.url),
  );
  const whole = parse(text) as { readonly modules: readonly unknown[] };
  const modules = whole.modules.filter((module) =>
    !(module instanceof Object && SEQUENCER in module)
  );
  return [whole, { ...whole, modules }];
}

/**
 * Runs the program.
 *
 * @param options How long, from which seed, and where it writes.
 * @returns What it found.
 */
export async function runZSpaceText(
  options: ZSpaceTextOptions,
): Promise<ZSpaceTextResults> {
  const { out, tracePath } = options;
  const [config, withoutSequencer] = await readConfigs();
  const glosses = await loadGlosses(options);
  const bayes = naiveBayesAccuracy(glosses);
  out.write(
    `${glosses.train.fields.length} definitions; naive Bayes: ${
      percent(bayes)
    }\n`,
  );
  await using ecosystem = await createEcosystem();
  const stages: Record<string, number> = {};
  await ecosystem.plugins.register(telemetryPlugin(stages, out));
  const recorder = new ZSpaceTraceRecorder({ publish: true });
  await ZSpacePluginRegistry.of(ecosystem).register(recorder);
  const given = { glosses, options };
  out.write("Without the sequencer\n");
  const less = await train(ecosystem, withoutSequencer, given);
  out.write("With the sequencer\n");
  const accuracy = await train(ecosystem, config, given);
  if (tracePath !== undefined) {
    await writeTrace(recorder, tracePath);
    out.write(`Wrote ${tracePath}.jsonl and ${tracePath}.html\n`);
  }
  return {
    accuracy,
    accuracyWithoutSequencer: less,
    accuracyOfNaiveBayes: bayes,
    stages,
    trace: recorder.snapshot(),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

if (import.meta.main) {
  const out = terminal();
  const start = performance.now();
  // Ctrl-C ends training after the batch that is running; what was traced is written.
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  await Deno.mkdir("out", { recursive: true });
  const { trace, ...summary } = await runZSpaceText({
    epochs: 8,
    heldOut: 5_000,
    seed: 1,
    tracePath: "out/zspace_text",
    out,
    signal: stop.signal,
  });
  Deno.removeSignalListener("SIGINT", onInterrupt);
  const { aborted } = stop.signal;
  const seconds = (performance.now() - start) / 1000;
  if (Deno.args.includes("--json")) {
    const records = trace.length;
    const line = { ...summary, records, seconds, aborted };
    out.write(`${JSON.stringify(line)}\n`);
  } else {
    const { accuracy, accuracyWithoutSequencer, accuracyOfNaiveBayes } =
      summary;
    out.write(
      `Held out: ${percent(accuracy)}, without the sequencer ${
        percent(accuracyWithoutSequencer)
      }, naive Bayes ${percent(accuracyOfNaiveBayes)}; ${seconds.toFixed(0)} s${
        aborted ? " (stopped early)" : ""
      }\n`,
    );
  }
}
