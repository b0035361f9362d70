import type { CeilingWork } from "../runtime/cli/bench/ceiling.ts";
import type { Capacity } from "./capacity.ts";
import type { Contestant, Prepared } from "./contestants/contestant.ts";
import { descentInputs, formulaInputs, trainingInputs } from "./inputs.ts";
import { PEERS } from "./contestants/names.ts";
import {
  type Entry,
  measure,
  type Patience,
} from "../runtime/cli/bench/measure.ts";
import { descentResult } from "./oracle/descent.ts";
import { formulaResult } from "./oracle/formula.ts";
import { relativeError } from "./oracle/relative_error.ts";
import { trainingLoss } from "./oracle/training.ts";
import {
  type Capacities,
  type ContestantName,
  figuresOf,
  rowOf,
  type RowResult,
} from "./results.ts";
import type { ComputeWorkload, ProcessWorkload, Workload } from "./workload.ts";

/** Who takes part, in the order of the turns. */
export type Contestants = ReadonlyMap<
  Exclude<ContestantName, "ceiling">,
  Contestant
>;

/** Does as much as a dispatch of a workload does at least, as fast as what computes can. */
export interface WorkCeiling {
  run(work: CeilingWork): unknown;
}

/** How a workload is run. */
export interface RunOptions {
  readonly contestants: Contestants;
  /** What plain loops do where everybody computes. */
  readonly ceiling: WorkCeiling;
  /** Waits for what contestants have started elsewhere. */
  readonly finish: () => Promise<void>;
  readonly patience: Patience;
  readonly seed: number;
  /** Where there are several threads, what they do at best. */
  readonly capacity?: Capacity | undefined;
}

/** Results may differ from the oracle by this share of its largest element. */
const ERROR_MAX = 1e-4;
/** Steps of training after which losses are compared: the first do not show an update yet. */
const TRAINING_STEPS = 3;

/** Keeps the packages of peers out of the lockfile of the project. */
const PEERS_LOCK = new URL("./peers.lock", import.meta.url);

/** What stands ready for a row, and what is known before it is timed. */
interface Field {
  readonly entries: Entry[];
  readonly errors: Map<string, number>;
  readonly absent: Partial<Record<ContestantName, string>>;
}

/**
 * Runs a workload by everybody who can.
 *
 * @param workload The workload.
 * @param options Who takes part, and how long it may last.
 * @returns The row.
 */
export async function runWorkload(
  workload: Workload,
  options: RunOptions,
): Promise<RowResult> {
  using owned = new DisposableStack();
  const field = workload.kind === "process"
    ? processField(workload, options)
    : await computeField(workload, { ...options, owned });
  const { entries, errors, absent } = field;
  const repeats = workload.kind === "formula" ? workload.repeats : 1;
  const { ceiling } = options;
  const work = ceilingWork(workload);
  if (work) {
    entries.push({
      name: "ceiling",
      async run() {
        for (let i = 0; i < repeats; i++) ceiling.run(work);
        await options.finish();
      },
    });
  }
  const times = await measure(
    entries,
    options.patience,
    () => performance.now(),
  );
  const figures = Object.fromEntries(entries.map(({ name }, i) => {
    const error = errors.get(name);
    return [
      name,
      figuresOf(workload.work, times[i]!, {
        repeats,
        ...error !== undefined && { error },
      }),
    ];
  }));
  const capacities = options.capacity &&
    await capacitiesOf(work, options.capacity);
  return rowOf(workload, figures, { absent, capacities });
}

/** What several threads do as many times as one, as long as the machine is as it was. */
async function capacitiesOf(
  work: CeilingWork | undefined,
  capacity: Capacity,
): Promise<Capacities> {
  const flops = await capacity.measure();
  return work?.kind === "bytes"
    ? { flops, bytes: await capacity.measure(work) }
    : { flops };
}

/** What the ceiling does beside a workload. */
function ceilingWork(
  { work }: Workload,
): CeilingWork | undefined {
  if (work.kind !== "time") return work;
  return work.flops === undefined
    ? undefined
    : { kind: "flops", flops: work.flops };
}

/** What contestants are given, and what they must find after some runs. */
function challenge(workload: ComputeWorkload, seed: number): {
  readonly inputs: readonly Float32Array[];
  readonly want: ArrayLike<number>;
  readonly runs: number;
} {
  switch (workload.kind) {
    case "formula": {
      const inputs = formulaInputs(workload, seed);
      return { inputs, want: formulaResult(workload, inputs), runs: 1 };
    }
    case "training": {
      const inputs = trainingInputs(workload, seed);
      const want = [trainingLoss(workload, inputs, TRAINING_STEPS)];
      return { inputs, want, runs: TRAINING_STEPS };
    }
    case "descent": {
      const inputs = descentInputs(workload, seed);
      return { inputs, want: descentResult(workload, inputs), runs: 1 };
    }
    default:
      return workload satisfies never;
  }
}

async function computeField(
  workload: ComputeWorkload,
  { contestants, finish, seed, owned }: RunOptions & {
    readonly owned: DisposableStack;
  },
): Promise<Field> {
  const { inputs, want, runs } = challenge(workload, seed);
  const field: Field = { entries: [], errors: new Map(), absent: {} };
  for (const [name, contestant] of contestants) {
    const refusal = contestant.refuses(workload);
    if (refusal !== undefined) {
      field.absent[name] = refusal;
      continue;
    }
    // Each gets its own copy: some keep what they are given.
    const prepared = owned.use(
      await contestant.prepare(workload, inputs.map((data) => data.slice())),
    );
    const error = await check(prepared, { want, runs });
    if (error <= ERROR_MAX) {
      field.errors.set(name, error);
      field.entries.push({
        name,
        async run() {
          await prepared.run();
          await finish();
        },
      });
    } else {
      field.absent[name] = `it is wrong by ${error.toExponential(1)}`;
    }
  }
  return field;
}

async function check(
  prepared: Prepared,
  { want, runs }: { readonly want: ArrayLike<number>; readonly runs: number },
): Promise<number> {
  for (let i = 0; i < runs; i++) await prepared.run();
  return relativeError(await prepared.read(), want);
}

/** Processes of the contestants, and one that does nothing in the place of the ceiling. */
function processField(
  { loads }: ProcessWorkload,
  { contestants }: RunOptions,
): Field {
  const absent: Field["absent"] = {};
  const entries: Entry[] = [];
  for (const name of contestants.keys()) {
    if (loads === "tensors") {
      entries.push({ name, run: () => runProcess(name) });
    } else if (name === "ours") {
      entries.push({ name, run: () => runProcess("ours_tour") });
    } else absent[name] = "it is tensors, and in the row above";
  }
  entries.push({ name: "ceiling", run: () => runProcess("nothing") });
  return { entries, errors: new Map(), absent };
}

async function runProcess(name: string): Promise<void> {
  const script = new URL(`./fresh/${name}.ts`, import.meta.url);
  const isPeer = Object.hasOwn(PEERS, name);
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      ...isPeer ? [`--lock=${PEERS_LOCK.pathname}`] : [],
      script.href,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout).trim();
  if (success && Number.isFinite(Number(text)) && text !== "") return;
  throw new Error(
    `Cannot measure a process of ${name}: it wrote ${text} and ${
      new TextDecoder().decode(stderr)
    }`,
  );
}
