/**
 * Measures this library, beside its peers if asked to.
 *
 * A full run beside peers writes `bench/results/<date>.json` and the tables of
 * docs/performance.md; any other run only prints.
 *
 * @module
 */
import { Capacity } from "./capacity.ts";
import { Ceiling } from "../runtime/cli/bench/ceiling.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { loadContestant } from "./contestants/load.ts";
import { type PeerName, PEERS } from "./contestants/names.ts";
import { GpuCeiling } from "./gpu_ceiling.ts";
import { GpuQueues } from "./gpu_queues.ts";
import { readMachine } from "./machine.ts";
import type { Patience } from "../runtime/cli/bench/measure.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import { contestantCurves } from "./report/contestant_curves.ts";
import { curvesSvg } from "./report/curves_svg.ts";
import { markdownTable, provenance } from "./report/markdown.ts";
import { replaceMarked } from "./report/page.ts";
import { threadsTable } from "./report/threads_table.ts";
import type { Report, RowResult } from "./results.ts";
import {
  type Contestants,
  runWorkload,
  type WorkCeiling,
} from "./run_workload.ts";
import { measureScaling } from "./scaling.ts";
import type { Workload } from "./workload.ts";
import { WORKLOADS } from "./workloads/all.ts";
import { THREAD_WORKLOADS } from "./workloads/threads.ts";
import { GPU_WORKLOADS } from "./workloads/webgpu.ts";

const SEED = 20_240_917;
const THOROUGH: Patience = {
  samplesMin: 11,
  samplesMax: 101,
  samplingMs: 3000,
  warmingMs: 8000,
};
/** A software GPU takes seconds for a sample of the largest rows. */
const THOROUGH_GPU: Patience = {
  samplesMin: 5,
  samplesMax: 51,
  samplingMs: 3000,
  warmingMs: 4000,
};
const HASTY: Patience = {
  samplesMin: 3,
  samplesMax: 21,
  samplingMs: 300,
  warmingMs: 700,
};

const ENCODER = new TextEncoder();

/** Progress goes where it does not mix with the result. */
function say(text: string): void {
  Deno.stderr.writeSync(ENCODER.encode(`${text}\n`));
}

async function print(text: string): Promise<void> {
  // A pipe may take less at once than there is.
  await new Blob([`${text}\n`]).stream()
    .pipeTo(Deno.stdout.writable, { preventClose: true });
}

async function loadAll(options: BenchOptions): Promise<Contestants> {
  const peers = options.peers
    ? (Object.keys(PEERS) as PeerName[]).filter((name) =>
      PEERS[name].backends.includes(options.backend) &&
      (options.threads === 1 || PEERS[name].hasThreads)
    )
    : [];
  const own = options.threads > 1
    ? ["ours", "alone"] as const
    : ["ours"] as const;
  const contestants: [PeerName | typeof own[number], Contestant][] = [];
  for (const name of [...own, ...peers]) {
    contestants.push([name, await loadContestant(name, options)]);
  }
  return new Map(contestants);
}

async function runAll(options: BenchOptions): Promise<Report> {
  // Before contestants are loaded: one of them is told of fewer cores.
  const machine = readMachine();
  // Before others have workers, too.
  using machineThreads = options.threads > 1
    ? await Capacity.open(options.threads)
    : undefined;
  const capacity = await machineThreads?.measure();
  const queues = new GpuQueues();
  if (options.backend === "webgpu") queues.watch(GPUAdapter.prototype);
  const contestants = await loadAll(options);
  const isGpu = options.backend === "webgpu";
  const { isRelaxed, ceiling } = await openCeiling(isGpu);
  const rows: RowResult[] = [];
  for (const workload of workloadsOf(options)) {
    if (!options.only.test(workload.name)) continue;
    const row = await runWorkload(workload, {
      contestants,
      ceiling,
      finish: () => queues.finish(),
      capacity: machineThreads,
      patience: options.quick ? HASTY : isGpu ? THOROUGH_GPU : THOROUGH,
      seed: SEED,
    });
    rows.push(row);
    const figures = Object.entries(row.figures).map(([name, { value }]) =>
      `${name} ${value.toPrecision(3)}`
    );
    const absent = Object.entries(row.absent).map(([name, why]) =>
      `no ${name}: ${why}`
    );
    say(`${row.name} (${row.unit}): ${[...figures, ...absent].join(", ")}`);
  }
  const versions = [...contestants.values()].map(({ versions }) => versions);
  return {
    date: new Date().toISOString(),
    machine,
    ...isGpu && { adapter: await describeAdapter() },
    threads: options.threads,
    ...capacity !== undefined && { capacity },
    quick: options.quick,
    isRelaxed,
    versions: Object.assign({}, ...versions),
    rows,
  };
}

function workloadsOf({ backend, threads }: BenchOptions): readonly Workload[] {
  if (backend === "webgpu") return GPU_WORKLOADS;
  return threads > 1 ? THREAD_WORKLOADS : WORKLOADS;
}

/** What everybody is measured against; on a CPU, also whether its multiply-adds are fused. */
async function openCeiling(
  isGpu: boolean,
): Promise<{ readonly isRelaxed: boolean; readonly ceiling: WorkCeiling }> {
  if (isGpu) {
    return { isRelaxed: true, ceiling: await GpuCeiling.open(navigator.gpu) };
  }
  const ceiling = new Ceiling();
  return { isRelaxed: ceiling.isRelaxed, ceiling };
}

async function describeAdapter(): Promise<string> {
  const { description, vendor, device } =
    (await navigator.gpu.requestAdapter())!.info;
  return description || `${vendor} ${device}`;
}

/** Draws products by size beside peers, and by size and threads. */
async function drawCurves(report: Report, docs: URL): Promise<string[]> {
  const axes = {
    xTitle: "n of a product of two n × n matrices",
    yTitle: "GFLOP/s",
  };
  const curves = {
    "matmul.svg": contestantCurves(report, "matmul"),
    "threads.svg": await measureScaling(report.machine.cores, THOROUGH),
  };
  const paths = [];
  for (const [name, lines] of Object.entries(curves)) {
    const svg = curvesSvg(lines, axes);
    if (!svg) continue;
    const path = new URL(name, docs).pathname;
    await Deno.writeTextFile(path, svg);
    paths.push(path);
  }
  return paths;
}

/** Which part of the page a report is. */
function partOf(
  { adapter, threads }: Report,
): { readonly mark: string; readonly hasCurves: boolean } {
  if (adapter !== undefined) return { mark: "bench:webgpu", hasCurves: false };
  return threads > 1
    ? { mark: "bench:threads", hasCurves: false }
    : { mark: "bench", hasCurves: true };
}

function contentOf(report: Report): string {
  const hasThreads = report.rows.some(({ scaling }) => scaling);
  const table = hasThreads ? threadsTable(report) : markdownTable(report);
  return `${provenance(report)}\n\n${table}`;
}

async function write(report: Report): Promise<void> {
  const results = new URL("./results/", import.meta.url);
  await Deno.mkdir(results, { recursive: true });
  const stamp = report.date.slice(0, 19).replaceAll(":", "");
  await Deno.writeTextFile(
    new URL(`./${stamp}.json`, results),
    `${JSON.stringify(report, undefined, 2)}\n`,
  );
  const docs = new URL("../docs/", import.meta.url);
  const { mark, hasCurves } = partOf(report);
  const pictures = hasCurves ? await drawCurves(report, docs) : [];
  const page = new URL("./performance.md", docs);
  await Deno.writeTextFile(
    page,
    replaceMarked(
      await Deno.readTextFile(page),
      {
        name: mark,
        content: contentOf(report),
      },
    ),
  );
  await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", page.pathname, ...pictures],
  }).output();
}

const options = parseOptions(Deno.args);
const report = await runAll(options);
const isFull = options.peers && !options.quick &&
  options.only.source === "(?:)";
if (isFull) await write(report);
await print(
  options.json ? JSON.stringify(report, undefined, 2) : contentOf(report),
);
const missed = report.rows.filter(({ verdict }) => verdict === "missed");
if (options.gate && missed.length > 0) {
  say(`Below the floor: ${missed.map(({ name }) => name).join(", ")}`);
  Deno.exit(1);
}
// Some leave workers behind that would keep the process.
Deno.exit(0);
