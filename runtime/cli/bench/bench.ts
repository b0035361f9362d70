import { SYSTEM_CLOCK } from "../../../core/base/mod.ts";
import {
  type Backend,
  createBackend,
  createWasmBackend,
} from "../../../kernels/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { textTable } from "../text_table.ts";
import { withEcosystem } from "../with_ecosystem.ts";
import { Ceiling } from "./ceiling.ts";
import { measure, type Patience } from "./measure.ts";
import { QUICK_ROWS, type QuickRow } from "./quick_workloads.ts";
import { median } from "./statistics.ts";

/** What was measured, by whom. */
type Measured = {
  readonly name: string;
  readonly by: string;
  readonly unit: QuickRow["unit"];
  readonly value: number;
};

/** What computes. */
interface Contestant {
  readonly name: string;
  readonly create: () => Backend | Promise<Backend>;
}

const ONE_THREAD: Contestant = {
  name: "wasm, 1 thread",
  create: () => createWasmBackend({ threads: 1 }),
};
const ALL_THREADS: Contestant = {
  name: "wasm, all threads",
  create: () => createWasmBackend(),
};
const WEBGPU: Contestant = {
  name: "webgpu",
  create: () => createBackend("webgpu"),
};
const CONTESTANTS: ReadonlyMap<string, readonly Contestant[]> = new Map([
  ["all", [ONE_THREAD, ALL_THREADS, WEBGPU]],
  ["wasm", [ONE_THREAD, ALL_THREADS]],
  ["webgpu", [WEBGPU]],
]);

/** How often a workload runs between two looks at the clock. */
const RUNS = 5;
const SECOND_MS = 1000;
/** How long the ceilings are: as much as a large kernel. */
const [FLOPS, BYTES] = [1e8, 2 ** 26];

/**
 * Measures this machine in seconds: what it gives to WebAssembly at best, and what the backends make of
 * it.
 *
 * @param input The command line.
 * @returns The figures.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` or `BACKEND_UNKNOWN` if a backend is asked for that is not
 * there.
 */
export async function bench(input: CommandInput): Promise<CommandResult> {
  const name = input.options.text("backend") ?? "wasm";
  const known = CONTESTANTS.get(name);
  if (known) return await measureAll(input, known);
  return await withEcosystem(input, async ({ backends }) => {
    const create = () => backends.create(name);
    return await measureAll(input, [{ name, create }]);
  });
}

async function measureAll(
  { options, progress, io: { signal } }: CommandInput,
  contestants: readonly Contestant[],
): Promise<CommandResult> {
  const seconds = options.count("seconds") ?? 10;
  const count = 2 + QUICK_ROWS.length * contestants.length;
  const patience = patienceFor(seconds * SECOND_MS / count);
  const measured = await measureCeilings(patience);
  for (const contestant of contestants) {
    if (signal.aborted) break;
    progress?.write(`measuring ${contestant.name}\n`);
    measured.push(...await measureBackend(contestant, patience));
  }
  return {
    data: { rows: measured.map((row) => ({ ...row })) },
    text: () => tableOf(measured),
  };
}

/** Half of the time for getting warm, half for looking. */
function patienceFor(rowMs: number): Patience {
  return {
    samplesMin: 3,
    samplesMax: 1000,
    samplingMs: rowMs / 2,
    warmingMs: rowMs / 2,
  };
}

async function timeOf(
  run: () => void | Promise<void>,
  patience: Patience,
): Promise<number> {
  const entry = { name: "", run };
  const [times] = await measure([entry], patience, () => SYSTEM_CLOCK.nowMs());
  return median(times!);
}

async function measureCeilings(patience: Patience): Promise<Measured[]> {
  const ceiling = new Ceiling();
  const by = "the machine, 1 thread";
  const flops = { kind: "flops", flops: FLOPS } as const;
  const bytes = { kind: "bytes", bytes: BYTES, loop: "copy" } as const;
  const [addMs, copyMs] = [
    await timeOf(() => void ceiling.run(flops), patience),
    await timeOf(() => void ceiling.run(bytes), patience),
  ];
  return [
    { name: "multiply-adds", by, unit: "GFLOP/s", value: FLOPS / addMs / 1e6 },
    { name: "copying memory", by, unit: "GB/s", value: BYTES / copyMs / 1e6 },
  ];
}

async function measureBackend(
  { name: by, create }: Contestant,
  patience: Patience,
): Promise<Measured[]> {
  await using backend = await create();
  const measured: Measured[] = [];
  for (const { name, unit, amount, prepare } of QUICK_ROWS) {
    using workload = await prepare(backend);
    const ms = await timeOf(() => workload.run(RUNS), patience) / RUNS;
    const value = unit === "ms" ? ms / amount : amount / (ms / SECOND_MS);
    measured.push({ name, by, unit, value });
  }
  return measured;
}

function tableOf(rows: readonly Measured[]): string {
  return textTable([
    ["what", "by", "", ""],
    ...rows.map(({ name, by, unit, value }) => [
      name,
      by,
      value.toPrecision(3).padStart(8),
      unit,
    ]),
  ]);
}
