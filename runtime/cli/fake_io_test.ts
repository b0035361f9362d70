// The world outside of the command, made up: what the tests of the commands share.

import { assertEquals } from "@std/assert";
import type { CliIo } from "./cli_io.ts";
import type { SystemFacts } from "./doctor/system_facts.ts";
import type { ExitCode } from "./exit_codes.ts";
import { spiral } from "./spiral.ts";

/** A machine on which nothing is missing. */
export const FULL_MACHINE: SystemFacts = {
  versions: { spiraltorch: "1.2.3", deno: "2.9.6" },
  platform: "linux x86_64",
  cores: 8,
  wasm: { simd: true, relaxedSimd: true, sharedMemory: true },
  adapter: { vendor: "acme", description: "Fast 9000", isSoftware: false },
  permissions: {
    read: "granted",
    write: "granted",
    net: "granted",
    env: "granted",
    run: "granted",
    sys: "granted",
    ffi: "denied",
  },
  sandbox: { mayRunDeno: true, limitsNotInForce: [] },
  cacheFolder: "/cache/spiraltorch",
  jsr: { isReachable: true, reason: "it answered 200" },
};

/** What differs from the usual. */
export interface FakeOptions {
  readonly isTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly machine?: SystemFacts;
  readonly signal?: AbortSignal;
  readonly consent?: CliIo["consent"];
  /** Called with each text that is written to standard output. */
  readonly onWrite?: (text: string) => void;
}

/** What a command did. */
export interface Ran {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs the command with made-up streams. */
export async function runSpiral(
  args: readonly string[],
  options: FakeOptions = {},
): Promise<Ran> {
  const { isTerminal = false, env = {}, machine = FULL_MACHINE } = options;
  const written = { out: "", err: "" };
  function sink(name: keyof typeof written): CliIo["out"] {
    return {
      isTerminal,
      columns: 80,
      write(text) {
        written[name] += text;
        if (name === "out") options.onWrite?.(text);
      },
    };
  }
  const exitCode = await spiral(args, {
    out: sink("out"),
    err: sink("err"),
    signal: options.signal ?? new AbortController().signal,
    env: (name) => env[name],
    consent: options.consent ?? (() => Promise.resolve(false)),
    inspect: () => Promise.resolve(machine),
  });
  return { exitCode, ...written };
}

/** Runs the command for its result as data. */
export async function runJson(
  args: readonly string[],
  options: FakeOptions = {},
): Promise<
  { readonly exitCode: ExitCode; readonly data: Record<string, unknown> }
> {
  const { exitCode, out, err } = await runSpiral([...args, "--json"], options);
  assertEquals(err, "");
  assertEquals(out.trimEnd().includes("\n"), false, "one line");
  return { exitCode, data: JSON.parse(out) };
}
