import { isCoded, type Json } from "../../../core/base/mod.ts";
import type { BackendRegistry } from "../../../kernels/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import type { Paint } from "../paint.ts";
import { withEcosystem } from "../with_ecosystem.ts";
import type { SystemFacts } from "./system_facts.ts";

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** Whether all is well, something is missing that one can do without, or something does not work. */
  readonly level: "fine" | "note" | "problem";
  /** What was found. */
  readonly found: string;
  /** What to do about it; empty if there is nothing to do. */
  readonly advice: string;
}

/**
 * Tells what this machine and this process can do, and what to do where that is not all. Backends of the
 * plugins that the command line names are started.
 *
 * @param input The command line.
 * @returns What was found; a finding if something does not work.
 */
export async function doctor(input: CommandInput): Promise<CommandResult> {
  const { io, options } = input;
  const facts = await io.inspect();
  const brought = options.list("inline").length === 0
    ? []
    : await withEcosystem(input, ({ backends }) => ofBrought(backends));
  const findings = [...diagnose(facts), ...brought];
  const isWell = findings.every(({ level }) => level !== "problem");
  return {
    data: {
      ok: isWell,
      findings: findings.map((finding): Json => ({ ...finding })),
      permissions: { ...facts.permissions },
    },
    text: (paint) =>
      findings.map((finding) => lineOf(finding, paint)).join("\n"),
    exitCode: isWell ? EXIT_CODES.fine : EXIT_CODES.finding,
  };
}

/**
 * Makes findings of what was looked at.
 *
 * @param facts What is there.
 * @returns The findings, in the order in which they are told.
 */
export function diagnose(facts: SystemFacts): Finding[] {
  const { platform, permissions } = facts;
  const granted = Object.entries(permissions).map(([name, state]) =>
    `${name} ${state}`
  );
  return [
    ofVersions(facts),
    fine("machine", `${platform}, ${facts.cores} threads at a time`),
    ofWasm(facts),
    ofThreads(facts),
    ofAdapter(facts),
    ofBackends(facts),
    fine("permissions", granted.join(", ")),
    ofSandbox(facts),
    ofCache(facts),
    ofJsr(facts),
  ];
}

function fine(name: string, found: string): Finding {
  return { name, level: "fine", found, advice: "" };
}

function note(name: string, found: string, advice: string): Finding {
  return { name, level: "note", found, advice };
}

function problem(name: string, found: string, advice: string): Finding {
  return { name, level: "problem", found, advice };
}

function ofVersions({ versions }: SystemFacts): Finding {
  const name = "versions";
  const found = Object.entries(versions)
    .map(([what, version]) => `${what} ${version}`).join(", ");
  const [major = 0, minor = 0] = (versions["deno"] ?? "").split(".").map(
    Number,
  );
  const [wantedMajor, wantedMinor] = DENO_MIN;
  const isOld = major < wantedMajor ||
    major === wantedMajor && minor < wantedMinor;
  if (!isOld) return fine(name, found);
  return problem(
    name,
    `${found}: wanted Deno ${DENO_MIN.join(".")} or newer`,
    "deno upgrade",
  );
}

function ofWasm({ wasm: { simd, relaxedSimd } }: SystemFacts): Finding {
  const name = "webassembly";
  if (!simd) {
    return problem(
      name,
      "no SIMD: the backend wasm cannot compute here",
      "use a newer Deno, or --backend reference, which is slow",
    );
  }
  if (relaxedSimd) return fine(name, "SIMD and relaxed SIMD");
  const advice = "a newer Deno has relaxed SIMD, and computes faster";
  return note(name, "SIMD without relaxed SIMD", advice);
}

function ofThreads({ cores, wasm: { sharedMemory } }: SystemFacts): Finding {
  const name = "threads";
  if (!sharedMemory) {
    return note(
      name,
      "no shared memory: one thread computes",
      "use a newer Deno",
    );
  }
  return fine(name, `shared memory, up to ${cores} threads compute`);
}

function ofAdapter({ adapter }: SystemFacts): Finding {
  const name = "gpu";
  if (!adapter) {
    return note(
      name,
      "no WebGPU adapter: the backend webgpu is not there, wasm computes",
      "nothing to do on a machine without a GPU; otherwise install its Vulkan driver",
    );
  }
  const { vendor, description, isSoftware } = adapter;
  const found = [description, vendor].find((text) => text !== "") ?? "unnamed";
  if (!isSoftware) return fine(name, `${found}: use it with --backend webgpu`);
  return note(
    name,
    `${found}, a program that computes on the CPU`,
    "--backend webgpu works, and --backend wasm is faster here",
  );
}

function ofBackends({ wasm: { simd }, adapter }: SystemFacts): Finding {
  const names = [
    ...simd ? ["wasm"] : [],
    ...adapter ? ["webgpu"] : [],
    "reference",
  ];
  return fine("backends", names.join(", "));
}

/** What plugins have brought, each once started. */
async function ofBrought(backends: BackendRegistry): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of backends.listBackends()) {
    const { owner } = backends.describe(name)!;
    if (owner === "library") continue;
    const found = `${name} of ${owner}`;
    try {
      await using _backend = await backends.create(name);
      findings.push(fine("backend", `${found}: use it by --backend ${name}`));
    } catch (error) {
      if (!isCoded(error)) throw error;
      findings.push(
        problem("backend", `${found}: ${error.message}`, SEE_PLUGIN),
      );
    }
  }
  return findings;
}

const SEE_PLUGIN = "its plugin says what it needs";

function ofSandbox({ sandbox }: SystemFacts): Finding {
  const name = "sandbox";
  const { mayRunDeno, limitsNotInForce } = sandbox;
  if (!mayRunDeno) {
    return note(
      name,
      "this process may not start Deno: no plugin runs in a process of its own",
      "start it with --allow-run to load plugins",
    );
  }
  if (limitsNotInForce.length === 0) {
    return fine(name, "plugins run in locked-down processes, all limits hold");
  }
  return note(
    name,
    `plugins run in locked-down processes without ${
      limitsNotInForce.join(", ")
    }`,
    "install bash and util-linux (setpriv, prlimit), and grant --allow-run for them",
  );
}

function ofCache({ cacheFolder }: SystemFacts): Finding {
  const name = "cache";
  if (cacheFolder !== undefined) return fine(name, cacheFolder);
  return note(
    name,
    "no folder: modules of plugins are fetched anew each time",
    "grant --allow-env=HOME,XDG_CACHE_HOME and reading and writing the cache",
  );
}

function ofJsr({ jsr }: SystemFacts): Finding {
  const name = "jsr";
  if (jsr === undefined) {
    const advice = "--allow-net=jsr.io lets doctor ask";
    return note(
      name,
      "not asked: the network is closed to this process",
      advice,
    );
  }
  if (jsr.isReachable) return fine(name, "jsr.io answers");
  return problem(
    name,
    `jsr.io is out of reach: ${jsr.reason}`,
    "plugins that are there already load without it; look at proxies and firewalls",
  );
}

/** The version of Deno that the library is tested with. */
const DENO_MIN = [2, 9] as const;

const MARKS = { fine: "ok", note: "note", problem: "PROBLEM" } as const;

function lineOf({ name, level, found, advice }: Finding, paint: Paint): string {
  const color = { fine: paint.green, note: paint.yellow, problem: paint.red };
  const mark = color[level](MARKS[level].padEnd(7));
  const more = advice === ""
    ? ""
    : `\n${" ".repeat(21)}${paint.dim(`-> ${advice}`)}`;
  return `${mark}  ${name.padEnd(12)}${found}${more}`;
}
