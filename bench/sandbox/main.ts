/**
 * Measures what the border around a sandboxed plugin costs: `deno task bench:sandbox`.
 *
 * Starts: a plugin that is locked and stored, from its specifier to the end of its `onLoad`, one after
 * the other; then fifty of them in one load, with the memory of their processes (`Pss`: what pages they
 * share is counted once). Calls: a service of one small number, one at a time and with 64 under way.
 * Arrays: an operator that stays in the sandbox and gives back the 16 MiB it is sent; each way takes
 * half. A traced operator takes turns with a built-in one. `--gate` fails if a goal is missed.
 *
 * @module
 */
import {
  createEcosystem,
  type Ecosystem,
  randomUniform,
  terminal,
} from "@spiraltorch/spiraltorch";
import { readMachine } from "../machine.ts";
import { timePair, TRACED } from "../operators/pairs.ts";
import { median } from "../../runtime/cli/bench/statistics.ts";
import { servePlugins } from "./plugins.ts";

const STARTS = 20;
const CROWD = 50;
const CALLS = 2_000;
const CALLS_UNDER_WAY = 64;
const ROUNDS = 20_000;
const TRIPS = 20;
/** The first ones find no memory of their size that has been used before. */
const WARM_UP_TRIPS = 10;
const FLOATS = 2 ** 22;
const MEBIBYTE = 2 ** 20;

/** A figure, and what is promised of it on two cores. */
interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  /** Whether more is better. */
  readonly isRate?: boolean;
}

/** The service of a measured plugin. */
interface Doubler {
  double(x: number): Promise<number>;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** Loads plugins once, so that they are locked and stored; then measures how long it takes again. */
async function starts(folder: string): Promise<Row[]> {
  await using server = servePlugins();
  const locked = () =>
    createEcosystem({
      lockfile: `${folder}/spiral.lock`,
      cacheDir: `${folder}/cache`,
    });
  const urls = Array.from({ length: CROWD }, (_, i) => server.urlOf(i));
  {
    await using first = await locked();
    await first.loader.load(urls);
  }
  await using ecosystem = await locked();
  const [one] = urls;
  const load = () => ecosystem.loader.load(one!);
  const times: number[] = [];
  for (let i = 0; i <= STARTS; i++) {
    times.push(await timed(load));
    await ecosystem.loader.unload(one!);
  }
  const crowdMs = await timed(() => ecosystem.loader.load(urls));
  const bytes = await memoryOf(ecosystem);
  // The first start reads the library, once in a program.
  const [firstMs, ...againMs] = times;
  return [
    { name: "start", value: median(againMs), unit: "ms", goal: 120 },
    { name: "first start", value: firstMs!, unit: "ms", goal: Infinity },
    { name: `${CROWD} starts`, value: crowdMs, unit: "ms", goal: Infinity },
    {
      name: `memory of ${CROWD}`,
      value: bytes / MEBIBYTE,
      unit: "MiB",
      goal: 4096,
    },
  ];
}

async function memoryOf({ loader }: Ecosystem): Promise<number> {
  const sizes = loader.reports().map(async ({ pid }) => {
    const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
    return Number(/^Pss:\s*(\d+) kB$/m.exec(text)![1]) * 1024;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function calls(): Promise<Row[]> {
  await using server = servePlugins();
  await using ecosystem = await createEcosystem();
  await ecosystem.loader.load(server.urlOf(0));
  const doubler = await doublerOf(ecosystem);
  for (let i = 0; i < CALLS; i++) await doubler.double(i);
  const times: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    times.push(await timed(() => doubler.double(i)));
  }
  let begun = 0;
  const caller = async () => {
    while (begun++ < ROUNDS) await doubler.double(begun);
  };
  const crowdMs = await timed(() =>
    Promise.all(Array.from({ length: CALLS_UNDER_WAY }, caller))
  );
  return [
    { name: "call", value: median(times) * 1000, unit: "µs", goal: 350 },
    {
      name: `calls, ${CALLS_UNDER_WAY} under way`,
      value: ROUNDS / crowdMs * 1000,
      unit: "/s",
      goal: 20_000,
      isRate: true,
    },
  ];
}

async function doublerOf({ plugins }: Ecosystem): Promise<Doubler> {
  const found = Promise.withResolvers<Doubler>();
  await plugins.register({
    metadata: { id: "caller", version: "1.0.0" },
    onLoad: ({ services }) => found.resolve(services.require("double")),
  });
  return await found.promise;
}

async function operators(): Promise<Row[]> {
  await using ecosystem = await createEcosystem({
    baseUrl: new URL("./", import.meta.url),
  });
  await ecosystem.loader.load([
    "./echo.ts",
    new URL("../../examples/plugins/operators.ts", import.meta.url).href,
  ]);
  using x = await randomUniform([FLOATS], { key: 7 }).realize();
  const trip = async () => {
    const [y] = ecosystem.operators.execute("bench:echo", [x]);
    using _ = await y!.realize();
  };
  for (let i = 0; i < WARM_UP_TRIPS; i++) await trip();
  const times: number[] = [];
  for (let i = 0; i < TRIPS; i++) times.push(await timed(trip));
  const bytes = 4 * FLOATS;
  const wayMs = median(times) / 2;
  using few = await randomUniform([1_000_000], { key: 7 }).realize();
  const { ratio } = await timePair(TRACED, ecosystem, { x: few });
  return [
    {
      name: "16 MiB, each way",
      value: bytes / wayMs / 1000,
      unit: "MB/s",
      goal: 500,
      isRate: true,
    },
    { name: "traced, of built-in", value: ratio, unit: "", goal: 1.05 },
  ];
}

async function run(): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  try {
    return [...await starts(folder), ...await calls(), ...await operators()];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isMissed({ value, goal, isRate = false }: Row): boolean {
  return isRate ? value < goal : value > goal;
}

const out = terminal();
const { cpu, cores, deno } = readMachine();
out.write(`${cpu}, ${cores} cores, Deno ${deno}\n`);
const rows = await run();
for (const row of rows) {
  const { name, value, unit, goal, isRate = false } = row;
  const shown = value.toFixed(value < 10 ? 2 : 0).padStart(8);
  const wanted = Number.isFinite(goal)
    ? `${isRate ? "at least" : "at most"} ${goal}${
      isMissed(row) ? ", missed" : ""
    }`
    : "";
  out.write(`${name.padEnd(24)} ${shown} ${unit.padEnd(5)} ${wanted}\n`);
}
if (rows.some(isMissed) && Deno.args.includes("--gate")) Deno.exit(1);
