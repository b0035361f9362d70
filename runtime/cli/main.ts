/**
 * The command `spiral`: lists what there is, trains and applies models, looks after plugins.
 *
 * @example Inside another program
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { spiral } from "@spiraltorch/spiraltorch/cli";
 *
 * let written = "";
 * const sink = {
 *   isTerminal: false,
 *   columns: 80,
 *   write: (text: string) => void (written += text),
 * };
 * const exitCode = await spiral(["modules", "search", "attention", "--json"], {
 *   out: sink,
 *   err: sink,
 *   signal: new AbortController().signal,
 *   env: () => undefined,
 *   consent: () => Promise.resolve(false),
 *   inspect: () => Promise.reject(new Error("not here")),
 * });
 * assertEquals(exitCode, 0);
 * assertEquals(JSON.parse(written).modules[0].type, "multihead_attention");
 * ```
 *
 * @module
 */
import { processIo } from "./process_io.ts";
import { spiral } from "./spiral.ts";

export type { Coded, Json, JsonObject } from "../../core/base/mod.ts";
export type { AskConsent, ConsentQuestion } from "../../core/mod.ts";
export type { TextSink } from "../../nn/mod.ts";
export type { CliIo } from "./cli_io.ts";
export type {
  AdapterFacts,
  PermissionName,
  SystemFacts,
} from "./doctor/system_facts.ts";
export { CliError, ERROR_CODES } from "./errors.ts";
export { EXIT_CODES, EXIT_MEANINGS, type ExitCode } from "./exit_codes.ts";
export { spiral } from "./spiral.ts";

if (import.meta.main) {
  using io = processIo();
  Deno.exitCode = await spiral(Deno.args, io);
}
