// What a case of the attack table is: a folder with `case.json` and, mostly, a plugin.

import type {
  Ecosystem,
  EcosystemOptions,
  LogRecord,
} from "@spiraltorch/spiraltorch";
import type { Json, PluginPolicy, SandboxLimits } from "../../core/mod.ts";
import type { Scene } from "./attack_scene.ts";

/** What must come of a run that fails. */
export interface Expectation {
  /** Code of the error, or of one of its causes. */
  readonly code: string;
  /** `details.reason` of that error, or what it may be. */
  readonly reason?: string | readonly string[];
  /** Another code that is as good. */
  readonly orCode?: string;
  /** How the process ended: other parts of `details`. */
  readonly details?: Readonly<Record<string, Json>>;
  /** What the error, or one of its causes, must name. */
  readonly says?: string | readonly string[];
}

/** One thing that is done with the plugin. */
export interface AttackRun {
  /**
   * What is done; all but `load` come after a load that holds, and `host`, which is the work of the case's
   * own `host.ts`.
   */
  readonly act:
    | "load"
    | "call"
    | "calls"
    | "method"
    | "event"
    | "unload"
    | "unload-in-call"
    | "death"
    | "host";
  /** The plugin's module, where it is not `mod.js`. */
  readonly entry?: string;
  /** Where the plugin is on the server of the suite. */
  readonly serve?: string;
  /** What is loaded instead, as it is written. */
  readonly specifier?: string;
  /** Settings of the plugin. */
  readonly config?: Readonly<Record<string, Json>>;
  /** Arguments of the call. */
  readonly args?: readonly Json[];
  /** The method that is called instead. */
  readonly method?: string;
  /** How many calls are made at most. */
  readonly times?: number;
  /** What must fail; nothing if left out. */
  readonly expect?: Expectation;
  /** How long it may take to fail, from the load on or from what follows it, in milliseconds. */
  readonly failsWithinMs?: number;
  /** How much the host may hold meanwhile beyond what it has held before, in bytes. */
  readonly heldBytesMax?: number;
  /** What must stand in a line of the log. */
  readonly logs?: string;
  /** Codes one of which the next call must fail with. */
  readonly then?: readonly string[];
  /** What the call must answer. */
  readonly answer?: Json;
  /** How many attempts the plugin must report, all of them closed. */
  readonly closed?: number;
  /** Whether all text of the plugin must have lost its control and bidi characters. */
  readonly clean?: boolean;
  /** Whether the plugin must still be there after the failure. */
  readonly lives?: boolean;
  /** Whether the plugin must not have seen the folder of the project. */
  readonly hidden?: boolean;
  /** Whether the host talks on a channel meanwhile. */
  readonly shout?: boolean;
}

/**
 * What comes of an attack in a worker: it was never loaded, all that it tried was closed to it, the plugin is
 * there as if nothing were, it is gone, it goes on computing in a host that says so, or the host itself is
 * gone.
 */
export type WorkerVerdict =
  | "refused"
  | "contained"
  | "denied"
  | "ended"
  | "tainted"
  | "lost";

/** A case of the attack table. */
export interface AttackCase {
  /** Name of its folder: id and slug. */
  readonly name: string;
  /** What is attempted. */
  readonly title: string;
  /** What comes of it. */
  readonly verdict: string;
  /** What comes of its first run in a worker, where that is tried: one of these. */
  readonly worker?: WorkerVerdict | readonly WorkerVerdict[];
  /** Limits that are other than the defaults. */
  readonly limits?: Partial<SandboxLimits>;
  /** Limits that are other still in a worker. */
  readonly workerLimits?: Partial<SandboxLimits>;
  /** What the machine must have; where it is missing, the case is left out, as its verdict says. */
  readonly needs?: "gpu";
  /** What the plugin may have. */
  readonly policy?: PluginPolicy;
  /** What it asserts at the host beside what its runs say, and what cannot be shown here. */
  readonly evidence?: string;
  /** What is done. */
  readonly runs: readonly AttackRun[];
}

const ROOT = new URL("./", import.meta.url);

/** Reads the cases, in the order of their names. */
export async function readCases(): Promise<AttackCase[]> {
  const cases: AttackCase[] = [];
  for await (const { name, isDirectory } of Deno.readDir(ROOT)) {
    if (!isDirectory) continue;
    const path = new URL(`./${name}/case.json`, ROOT);
    cases.push({ name, ...JSON.parse(await Deno.readTextFile(path)) });
  }
  return cases.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** What a case's `host.ts` works with. */
export interface Stage {
  /** The host under attack. */
  readonly ecosystem: Ecosystem;
  /** What stands around it. */
  readonly scene: Scene;
  /** What has been logged. */
  readonly log: readonly LogRecord[];
  /** Where a module of the case is. */
  readonly moduleOf: (entry?: string) => string;
  /** Makes another host; what is said there counts as well. */
  readonly open: (options?: EcosystemOptions) => Promise<Ecosystem>;
}

/** What a case's `host.ts` does, where more is needed than a load and some calls. */
export type HostAct = (stage: Stage) => Promise<void>;

/** Finds what a case does at the host. */
export async function hostActOf({ name }: AttackCase): Promise<HostAct> {
  const { act } = await import(new URL(`./${name}/host.ts`, ROOT).href);
  return act;
}

/** Where a module of a case is. */
export function moduleOf({ name }: AttackCase, entry = "mod.js"): string {
  return new URL(`./${name}/plugin/${entry}`, ROOT).href;
}
