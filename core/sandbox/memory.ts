/**
 * How much memory a child holds, and what is done about it. The heap flag does not see buffers and
 * Wasm memory, so two more limits stand around it: a soft one of the kernel on new memory, which the
 * child meets as a `RangeError`, and a watchdog over what is resident. Where the kernel is told of the
 * one, it is told of the time of processors too.
 *
 * @module
 */
import type { Clock } from "../base/mod.ts";
import type { LaunchTools } from "./launcher.ts";
import type { OptionalLimit, SandboxLimits } from "./limits.ts";

/** Sizes of a process, in bytes. */
export interface ProcessMemory {
  /** What is resident. */
  readonly rssBytes: number;
  /** Private memory, resident or not. */
  readonly dataBytes: number;
}

/** Reads the sizes of a process; `undefined` once it is gone. */
export type MemoryReader = (
  pid: number,
) => Promise<ProcessMemory | undefined>;

/** How often the memory of a process is looked at, in milliseconds. */
export const SAMPLE_MS = 50;
const READ_STATUS = 'echo "$(< "/proc/$1/status")"';

/**
 * Finds a way to read the sizes of other processes: from `/proc`, which takes all permissions, or
 * by the shell.
 *
 * @param pid A process to try it on.
 * @param tools The tools that are there.
 * @returns The way, or `undefined` if there is none.
 */
export async function findMemoryReader(
  pid: number,
  tools: LaunchTools,
): Promise<MemoryReader | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const ways: MemoryReader[] = [readByFile];
  const { bash } = tools;
  if (bash !== undefined) ways.push((pid) => readByShell(bash, pid));
  for (const way of ways) {
    if (await way(pid) !== undefined) return way;
  }
  return undefined;
}

async function readByFile(pid: number): Promise<ProcessMemory | undefined> {
  try {
    const path = `/proc/${pid}/status`;
    const read = await Deno.permissions.query({ name: "read", path });
    if (read.state !== "granted") return undefined;
    return parseStatus(await Deno.readTextFile(path));
  } catch {
    return undefined;
  }
}

async function readByShell(
  bash: string,
  pid: number,
): Promise<ProcessMemory | undefined> {
  try {
    const { stdout } = await new Deno.Command(bash, {
      args: ["-c", READ_STATUS, "bash", String(pid)],
      clearEnv: true,
      stdin: "null",
      stderr: "null",
    }).output();
    return parseStatus(new TextDecoder().decode(stdout));
  } catch {
    return undefined;
  }
}

/** The lines wanted are `VmRSS:  27648 kB` and `VmData:  563200 kB`; a zombie has neither. */
function parseStatus(text: string): ProcessMemory | undefined {
  const rss = /^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1];
  const data = /^VmData:\s*(\d+) kB$/m.exec(text)?.[1];
  if (rss === undefined || data === undefined) return undefined;
  return { rssBytes: Number(rss) * 1024, dataBytes: Number(data) * 1024 };
}

/**
 * Puts a child under the limits that the kernel holds: on memory beyond what it has now, and on the time
 * of processors that it uses.
 *
 * @param pid The child, before it has seen any plugin.
 * @param limits How much it may take.
 * @param options The tools that are there, and how the child's sizes are read.
 * @returns The limits that cannot be put in force.
 */
export async function limitChild(
  pid: number,
  { rssBytesMax, cpuSecondsMax }: SandboxLimits,
  { tools, reader }: {
    readonly tools: LaunchTools;
    readonly reader: MemoryReader | undefined;
  },
): Promise<readonly OptionalLimit[]> {
  const held = await reader?.(pid);
  const flags: string[] = [];
  if (held !== undefined) {
    flags.push(`--data=${Math.ceil(held.dataBytes + rssBytesMax)}`);
  }
  if (cpuSecondsMax !== undefined) {
    const seconds = Math.ceil(cpuSecondsMax);
    // At the first of them comes a signal that says why, at the second one that nobody can listen to.
    flags.push(`--cpu=${seconds}:${seconds + 1}`);
  }
  const isInForce = await runPrlimit(pid, flags, tools);
  return [
    ...isInForce && held !== undefined ? [] : ["data-size" as const],
    ...isInForce || cpuSecondsMax === undefined ? [] : ["cpu-time" as const],
  ];
}

async function runPrlimit(
  pid: number,
  flags: readonly string[],
  { bash, prlimit }: LaunchTools,
): Promise<boolean> {
  if (bash === undefined || prlimit === undefined) return false;
  const { success } = await new Deno.Command(bash, {
    args: ["-c", 'exec "$@"', "bash", prlimit, `--pid=${pid}`, ...flags],
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** What a watchdog looks at. */
export interface WatchOptions {
  /** The child. */
  readonly pid: number;
  /** How its sizes are read. */
  readonly reader: MemoryReader;
  /** How much may be resident, in bytes. */
  readonly rssBytesMax: number;
  /** Where time comes from. */
  readonly clock: Clock;
  /** What to call, once, when more is. */
  readonly onExcess: () => void;
}

/**
 * Looks at a child's resident memory all the time.
 *
 * @param options What to look at.
 * @returns The watchdog; disposing it waits for the look that is under way.
 */
export function watchMemory(
  { pid, reader, rssBytesMax, clock, onExcess }: WatchOptions,
): AsyncDisposable {
  let isOver = false;
  let timer: Disposable | undefined;
  let look = Promise.resolve();
  function plan(): void {
    timer = clock.after(SAMPLE_MS, () => look = sample());
  }
  async function sample(): Promise<void> {
    const memory = await reader(pid);
    if (isOver || memory === undefined) return;
    if (memory.rssBytes > rssBytesMax) return onExcess();
    plan();
  }
  plan();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      timer?.[Symbol.dispose]();
      await look;
    },
  };
}
