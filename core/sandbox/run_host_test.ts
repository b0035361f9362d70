// Not a test: hosts in processes of their own.

import { assert } from "@std/assert";

const HOSTS = new URL("../../tests/fixtures/hosts/", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** How a host is run. */
export interface HostOptions {
  /** Permission flags. */
  readonly flags: readonly string[];
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** A command to start it with. */
  readonly through?: readonly string[];
}

/** Runs a script of `tests/fixtures/hosts/` and returns what it prints. */
export async function runHost(
  script: string,
  { flags, args = [], through = [] }: HostOptions,
): Promise<string> {
  const [command, ...rest] = [
    ...through,
    Deno.execPath(),
    "run",
    "--no-prompt",
    `--config=${CONFIG}`,
    ...flags,
    new URL(script, HOSTS).href,
    ...args,
  ];
  const { stdout, stderr } = await new Deno.Command(command!, { args: rest })
    .output();
  const said = new TextDecoder().decode(stdout);
  assert(said !== "", new TextDecoder().decode(stderr));
  return said;
}
