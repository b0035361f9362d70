import { terminal } from "../terminal.ts";
import { terminalConsent } from "../terminal_consent.ts";
import type { CliIo } from "./cli_io.ts";

/** What this process is to the command, until it is disposed. */
export interface ProcessIo extends CliIo, Disposable {}

/**
 * Makes the world outside of this process: its streams, its environment, and Ctrl-C.
 *
 * @returns It, for the caller to dispose.
 */
export function processIo(): ProcessIo {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  return {
    out: terminal(),
    err: errorSink(),
    signal: stop.signal,
    env: readEnv,
    consent: terminalConsent(),
    inspect: async () =>
      await (await import("./doctor/inspect_system.ts")).inspectSystem(),
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", onInterrupt),
  };
}

function errorSink(): CliIo["err"] {
  const encoder = new TextEncoder();
  return {
    isTerminal: Deno.stderr.isTerminal(),
    columns: 80,
    write(text) {
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) {
        at += Deno.stderr.writeSync(bytes.subarray(at));
      }
    },
  };
}

/** Never prompts: what this process was not granted is not there. */
function readEnv(name: string): string | undefined {
  const query = { name: "env", variable: name } as const;
  const { state } = Deno.permissions.querySync(query);
  return state === "granted" ? Deno.env.get(name) : undefined;
}
