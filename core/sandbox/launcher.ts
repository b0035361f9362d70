/**
 * How a locked-down child is started: a `deno run` without any permission, environment or module
 * source of its own, behind a chain that closes what it might inherit and ties it to this process.
 *
 * The chain needs a shell that this process may run and the tools of util-linux. Where they are
 * missing, the child is started without, and whoever asked is told which limits are not in force.
 * Nothing is written to disk: `DENO_DIR` is a device, so `caches` and `localStorage` have no place.
 *
 * @module
 */
import { isolationUnavailable } from "./errors.ts";
import { findDeno } from "./find_deno.ts";
import type { OptionalLimit, SandboxLimits } from "./limits.ts";

/** The tools of this machine that this process may use. */
export interface LaunchTools {
  /** The Deno that runs children; there is none if left out. */
  readonly deno?: string;
  /** A shell that can close any descriptor. */
  readonly bash?: string;
  /** Ties the child's life to this process. */
  readonly setpriv?: string;
  /** Limits a process's memory from outside. */
  readonly prlimit?: string;
}

const BASHES: readonly string[] = ["/usr/bin/bash", "/bin/bash"];
const TOOL_FOLDERS = "/usr/bin:/bin:/usr/sbin:/sbin";

// A plain `sh` can close descriptors up to 9 only. The loop must not be redirected: the shell would
// keep the original in a descriptor of its own, which the loop closes.
const CLOSE_AND_RUN = `ulimit -c 0
for f in /proc/self/fd/*; do
  n=\${f##*/}
  case $n in 0|1|2|*[!0-9]*) ;; *) eval "exec $n>&-" ;; esac
done
exec "$@"`;

/**
 * Looks for the tools of the chain. Never prompts: a shell that this process was not granted is a
 * shell that is not there.
 *
 * @returns The tools.
 */
export async function findLaunchTools(): Promise<LaunchTools> {
  const deno = await findDeno();
  return { ...deno !== undefined && { deno }, ...await findChainTools() };
}

async function findChainTools(): Promise<LaunchTools> {
  if (Deno.build.os !== "linux") return {};
  for (const bash of BASHES) {
    const run = await Deno.permissions.query({ name: "run", command: bash });
    if (run.state !== "granted") continue;
    const tools = await askForTools(bash);
    if (tools !== undefined) return tools;
  }
  return {};
}

/** The tools that a shell finds; `undefined` if there is no such shell. */
async function askForTools(bash: string): Promise<LaunchTools | undefined> {
  try {
    const { stdout } = await new Deno.Command(bash, {
      args: ["-c", "command -v setpriv prlimit"],
      clearEnv: true,
      env: { PATH: TOOL_FOLDERS },
      stdin: "null",
      stderr: "null",
    }).output();
    const paths = new TextDecoder().decode(stdout).trim().split("\n");
    const named = paths.map((path) => [path.split("/").at(-1), path]);
    return { bash, ...Object.fromEntries(named.filter(([name]) => name)) };
  } catch {
    return undefined;
  }
}

/** What a child may touch outside of itself. */
export interface SandboxAccess {
  /** Permission flags. */
  readonly flags: readonly string[];
  /** Variables of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it may use the GPU. */
  readonly gpu: boolean;
}

/** What to start and how. */
export interface LaunchOptions {
  /** JavaScript of the entry module. */
  readonly entry: string;
  /** The limits that become flags. */
  readonly limits: SandboxLimits;
  /** The tools to use. */
  readonly tools: LaunchTools;
  /** What it may touch; nothing if left out. */
  readonly access?: SandboxAccess | undefined;
}

/**
 * Starts a locked-down child with pipes for all three standard streams.
 *
 * @param options What to start and how.
 * @returns The process.
 * @throws {PluginError} `ISOLATION_UNAVAILABLE` if this process may not run Deno.
 */
export function launch(
  { entry, limits, tools, access }: LaunchOptions,
): Deno.ChildProcess {
  const { deno } = tools;
  if (deno === undefined) {
    const why =
      `this program was made by deno compile, wanted a deno of version ${Deno.version.deno} or newer on the PATH`;
    throw isolationUnavailable("process", why);
  }
  const [command, ...args] = [
    ...chain(tools),
    deno,
    ...lockedFlags(limits),
    ...access?.flags ?? [],
    `data:text/javascript,${encodeURIComponent(entry)}`,
  ];
  try {
    return new Deno.Command(command!, {
      args,
      cwd: "/",
      clearEnv: true,
      env: {
        ...access?.env,
        DENO_DIR: Deno.build.os === "windows" ? "NUL" : "/dev/null",
        DENO_NO_UPDATE_CHECK: "1",
        // Empty, it names no backend; absent, it leaves the choice to the platform.
        ...access?.gpu === true ? {} : { DENO_WEBGPU_BACKEND: "" },
        NO_COLOR: "1",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    throw isolationUnavailable(
      "process",
      `this process may not start Deno at ${deno}, wanted --allow-run for it`,
      { cause },
    );
  }
}

function chain({ bash, setpriv }: LaunchTools): string[] {
  if (bash === undefined) return [];
  return [
    bash,
    "-c",
    CLOSE_AND_RUN,
    "bash",
    ...setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"],
  ];
}

function lockedFlags({ heapBytesMax }: SandboxLimits): string[] {
  const heapMebibytes = Math.max(1, Math.floor(heapBytesMax / 2 ** 20));
  return [
    "run",
    "--no-prompt",
    "--no-remote",
    "--no-npm",
    "--no-config",
    "--no-lock",
    "--cached-only",
    "--no-check",
    "--no-code-cache",
    `--v8-flags=--max-old-space-size=${heapMebibytes}`,
  ];
}

/**
 * Lists what the chain would have held if its tools were there.
 *
 * @param tools The tools that are there.
 * @returns The limits that are not in force, sorted.
 */
export function limitsOutsideChain(
  { bash, setpriv }: LaunchTools,
): OptionalLimit[] {
  if (bash === undefined) {
    return ["core-dumps", "inherited-descriptors", "parent-death"];
  }
  return setpriv === undefined ? ["parent-death"] : [];
}
