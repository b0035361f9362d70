import { assert } from "@std/assert";
import { isGoneWithin } from "../../../core/sandbox/processes_test.ts";
import { runHost } from "../../../core/sandbox/run_host_test.ts";
import type { HostAct } from "../attack_case.ts";

/** A sandbox ends with its host, whatever it is doing. */
export const act: HostAct = async () => {
  const pid = Number(await runHost("die_with_sandbox.ts", { flags: ["-A"] }));
  assert(pid > 1);
  const isGone = await isGoneWithin(pid, 1000);
  if (!isGone) Deno.kill(pid, "SIGKILL");
  assert(isGone, "the sandbox outlived its host");
};
