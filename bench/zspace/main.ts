/**
 * Measures the coherence sequencer on `[512, 768]`, on one core, and what a thousand plugins cost it whose
 * stages nobody listens to. `--gate` fails if a goal is missed.
 *
 * @module
 */
import {
  compile,
  createEcosystem,
  type Ecosystem,
  gradients,
  randomNormal,
  setDefaultBackend,
  type Tensor,
  terminal,
  ZSpaceCoherenceSequencer,
  ZSpacePluginRegistry,
} from "@spiraltorch/spiraltorch";
import { createWasmBackend } from "@spiraltorch/spiraltorch/kernels/wasm";
import { readMachine } from "../machine.ts";
import { type Entry, measure } from "../../runtime/cli/bench/measure.ts";
import { median } from "../../runtime/cli/bench/statistics.ts";

const [ROWS, DIM, HEADS] = [512, 768, 12];
const PLUGINS = 1_000;

/** Most milliseconds; most times what the same takes without plugins. */
const GOALS = { forward: 3, both: 10, watched: 1.02 };

/** How often a pass is described in a sample: once is too short for a clock. */
const REPEATS = 8;

/** One line of the table. */
interface Row {
  readonly name: string;
  readonly least: number;
  readonly median: number;
}

function make(
  options: { readonly weights?: "learned"; readonly hub?: Ecosystem["zspace"] },
): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({ dim: DIM, heads: HEADS, ...options });
}

/** Passes of a compiled function. */
function prepare(
  x: Tensor,
  { weights, owned }: {
    readonly weights?: "learned";
    readonly owned: AsyncDisposableStack;
  },
): Entry[] {
  const sequencer = owned.use(make(weights ? { weights } : {}));
  const parameters = [...sequencer.parameters().values()];
  const forward = owned.use(compile((x) => sequencer.forward(x!)));
  const both = owned.use(compile((x) => {
    const y = sequencer.forward(x!);
    const slopes = gradients(y.mul(y).sum(), [x!, ...parameters]);
    return { y, ...Object.fromEntries(slopes.entries()) };
  }));
  const label = weights ?? "classic";
  return [
    {
      name: `forward, ${label}`,
      run: async () => (await forward(x)).dispose(),
    },
    {
      name: `forward and backward, ${label}`,
      run: async () => {
        for (const result of Object.values(await both(x))) result.dispose();
      },
    },
  ];
}

/** Passes that are described and computed each time anew, as plugins are told of them. */
function described(
  name: string,
  { sequencer, x }: {
    readonly sequencer: ZSpaceCoherenceSequencer;
    readonly x: Tensor;
  },
): Entry {
  return {
    name,
    run: async () => {
      for (let i = 0; i < REPEATS; i++) {
        const y = sequencer.forward(x);
        await y.realize();
        y.dispose();
      }
    },
  };
}

/** An ecosystem whose plugins ask for all stages as events; nobody listens to those. */
async function crowded(owned: AsyncDisposableStack): Promise<Ecosystem> {
  const ecosystem = owned.use(await createEcosystem());
  const registry = ZSpacePluginRegistry.of(ecosystem);
  for (let i = 0; i < PLUGINS; i++) {
    const plugin = { name: `watcher${i}`, kinds: [], onStage() {} };
    await registry.register(plugin, { publishStages: true });
  }
  return ecosystem;
}

async function run(): Promise<Row[]> {
  await using owned = new AsyncDisposableStack();
  setDefaultBackend(owned.use(createWasmBackend({ threads: 1 })));
  const x = owned.use(await randomNormal([ROWS, DIM], { key: 1 }).realize());
  const small = owned.use(await randomNormal([4, DIM], { key: 2 }).realize());
  const { zspace: hub } = await crowded(owned);
  // One after the other: passes over many rows would find each other's values in the caches. What is
  // compared is measured in turns.
  const alone = [
    ...prepare(x, { owned }),
    ...prepare(x, { weights: "learned", owned }),
  ];
  const compared = [
    described("8 passes over 4 rows, no plugin", {
      sequencer: owned.use(make({})),
      x: small,
    }),
    described(`8 passes over 4 rows, ${PLUGINS} plugins`, {
      sequencer: owned.use(make({ hub })),
      x: small,
    }),
  ];
  const rows: Row[] = [];
  for (const entry of alone) rows.push(...await timed([entry], 3_000));
  return [...rows, ...await timed(compared, 12_000)];
}

/** Times entries in turns. */
async function timed(
  entries: readonly Entry[],
  samplingMs: number,
): Promise<Row[]> {
  const times = await measure(entries, {
    samplesMin: 30,
    samplesMax: 1_000,
    samplingMs,
    warmingMs: samplingMs / 2,
  }, () => performance.now());
  return entries.map(({ name }, i) => ({
    name,
    least: Math.min(...times[i]!),
    median: median(times[i]!),
  }));
}

const out = terminal();
const print = (line: string) => out.write(`${line}\n`);
const rows = await run();
const { cpu, deno } = readMachine();
print(`${cpu}, Deno ${deno}, one thread, [${ROWS}, ${DIM}]`);
for (const { name, least, median } of rows) {
  print(
    `${name.padEnd(36)} ${least.toFixed(2)} ms, median ${median.toFixed(2)} ms`,
  );
}
const [forward, both, , , without, watched] = rows;
const ratio = watched!.median / without!.median;
print(`${PLUGINS} plugins cost ${((ratio - 1) * 100).toFixed(1)} %`);
const isMissed = forward!.median > GOALS.forward || both!.median > GOALS.both ||
  ratio > GOALS.watched;
if (isMissed) print(`Goals missed: ${JSON.stringify(GOALS)}`);
if (isMissed && Deno.args.includes("--gate")) Deno.exit(1);
