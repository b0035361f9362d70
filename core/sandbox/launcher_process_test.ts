// Hosts in processes of their own: what a sandbox does when its host has few permissions, leaks a
// pipe, or dies.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { PluginError } from "../errors.ts";
import { processTier } from "./process_tier.ts";
import { startSandbox } from "./start_sandbox.ts";
import { toyGraph, toySdk } from "./toy_sdk_test.ts";
import { isGoneWithin } from "./processes_test.ts";
import { runHost } from "./run_host_test.ts";

const READ = "--allow-read";

Deno.test("startSandbox() works with the right to run Deno alone, and says what is missing", async () => {
  const said = await runHost("report_sandbox.ts", {
    flags: [READ, `--allow-run=${Deno.execPath()}`],
  });
  assertEquals(JSON.parse(said), {
    ids: ["acme.a"],
    limitsNotInForce: [
      "core-dumps",
      "data-size",
      "inherited-descriptors",
      "parent-death",
      "resident-memory",
    ],
  });
});

Deno.test("startSandbox() holds every limit with the right to run anything", async () => {
  const flags = [READ, "--allow-run"];
  const said = await runHost("report_sandbox.ts", { flags });
  assertEquals(JSON.parse(said), { ids: ["acme.a"], limitsNotInForce: [] });
});

Deno.test("startSandbox() holds every limit with the right to run Deno and a shell", async () => {
  const run = `--allow-run=${Deno.execPath()},bash`;
  const said = await runHost("report_sandbox.ts", { flags: [READ, run] });
  assertEquals(JSON.parse(said), { ids: ["acme.a"], limitsNotInForce: [] });
});

Deno.test("startSandbox() refuses without the right to run Deno", async () => {
  const said = await runHost("report_sandbox.ts", { flags: [READ] });
  assertEquals(JSON.parse(said), { code: "ISOLATION_UNAVAILABLE" });
});

Deno.test("a sandbox ends with its host, even while it is busy", async () => {
  const pid = Number(await runHost("die_with_sandbox.ts", { flags: ["-A"] }));
  assert(pid > 1);
  const isGone = await isGoneWithin(pid, 1000);
  if (!isGone) Deno.kill(pid, "SIGKILL");
  assert(isGone, "the sandbox outlived its host");
});

const ADOPT = `import net from "node:net";
try {
  const socket = new net.Socket({ fd: 60 });
  socket.on("error", () => Deno.exit(0));
  socket.write("x", () => { console.log("adopted"); Deno.exit(0); });
} catch { console.log("closed"); }`;

Deno.test("a sandbox does not inherit what its host left open", async () => {
  const leak = 'exec 60> >(cat > /dev/null); exec "$@"';
  const said = await runHost("launch.ts", {
    flags: ["-A"],
    args: [ADOPT],
    through: ["/bin/bash", "-c", leak, "bash"],
  });
  assertEquals(said.trim(), "closed");
});

Deno.test("a sandbox's environment is its launcher's and nothing more", async () => {
  const said = await runHost("launch.ts", {
    flags: ["-A"],
    args: [
      `console.log(Deno.env.get("NO_COLOR"), navigator.gpu && await navigator.gpu.requestAdapter())`,
    ],
    through: ["/usr/bin/env", "SPIRALTORCH_CANARY=1"],
  });
  assertEquals(said.trim(), "1 null");
});

Deno.test("a sandbox has these flags, and leaves no core file, whatever its host may leave", async () => {
  const cores = 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"';
  const said = await runHost("child_from_outside.ts", {
    flags: ["-A"],
    through: ["/bin/bash", "-c", cores, "bash"],
  });
  const lines = said.trim().split("\n");
  const flags = lines.filter((line) => line.startsWith("--"));
  assertEquals(flags, [
    "--no-prompt",
    "--no-remote",
    "--no-npm",
    "--no-config",
    "--no-lock",
    "--cached-only",
    "--no-check",
    "--no-code-cache",
    "--v8-flags=--max-old-space-size=256",
  ]);
  assertMatch(lines.at(-1)!, /^Max core file size +0 /);
});

Deno.test("startSandbox() refuses in a compiled program without a deno on the PATH, and says so", async () => {
  const error = await assertRejects(
    async () =>
      startSandbox({
        graph: toyGraph("export default 1"),
        sdk: await toySdk(),
        tier: await processTier({}),
      }),
    PluginError,
  );
  assertEquals(error.code, "ISOLATION_UNAVAILABLE");
  assertStringIncludes(error.message, "made by deno compile, wanted a deno");
});
