import { assertEquals } from "@std/assert";
import { runHost } from "../../../core/sandbox/run_host_test.ts";
import type { HostAct } from "../attack_case.ts";

/** The tier is never lowered in silence. */
export const act: HostAct = async () => {
  const report = async (...flags: string[]) =>
    JSON.parse(await runHost("report_sandbox.ts", { flags }));
  assertEquals(await report("--allow-read"), { code: "ISOLATION_UNAVAILABLE" });
  const run = `--allow-run=${Deno.execPath()}`;
  const { limitsNotInForce } = await report("--allow-read", run);
  assertEquals(limitsNotInForce, [
    "core-dumps",
    "data-size",
    "inherited-descriptors",
    "parent-death",
    "resident-memory",
  ]);
};
