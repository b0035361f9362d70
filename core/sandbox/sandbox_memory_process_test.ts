// What a sandbox does about memory, and about the time of processors.

import { assertEquals } from "@std/assert";
import type { SandboxLimits } from "./limits.ts";
import { isAlive } from "./processes_test.ts";
import { processTier } from "./process_tier.ts";
import { createToyHost } from "./toy_host_test.ts";
import {
  death,
  loadFailure,
  plugin,
  register,
  start,
} from "./toy_start_test.ts";

/** Fills memory until something gives, with what `make` makes. */
function filler(make: string): string {
  return plugin(`onLoad(c) {
    const held = [];
    try { for (let i = 0; i < 200; i++) held.push(${make}); }
    catch (error) { c.log.info(error.name + " " + (held.length > 2)); held.length = 0; }
  }`);
}

const SMALL: Partial<SandboxLimits> = {
  heapBytesMax: 48 * 2 ** 20,
  rssBytesMax: 200 * 2 ** 20,
};

Deno.test("startSandbox() names a heap that ran full", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    filler("Array.from({ length: 1e6 }, (_, i) => ({ i }))"),
    // Far apart: whichever of two near limits is met first is chance.
    { limits: { ...SMALL, rssBytesMax: 2 ** 30 } },
  );
  const error = await loadFailure(host, sandbox);
  assertEquals(error.details.reason, "heap-limit");
});

Deno.test("startSandbox() lets a plugin meet the limit on its buffers as a RangeError", async () => {
  await using host = createToyHost();
  const make = "new Uint8Array(16 * 2 ** 20)";
  await using sandbox = await start(host, filler(make), { limits: SMALL });
  assertEquals(sandbox.report.limitsNotInForce, []);
  await register(host, sandbox);
  assertEquals(host.log.map(({ message }) => message), ["RangeError true"]);
});

Deno.test("startSandbox() ends a plugin that holds too much, where nothing softer can", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`async onLoad() {
      const held = [];
      for (let i = 0; i < 100; i++) {
        held.push(new Uint8Array(16 * 2 ** 20).fill(1));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }`),
    {
      limits: SMALL,
      tier: await processTier({
        bash: "/bin/bash",
        deno: Deno.execPath(),
      }),
    },
  );
  const { limitsNotInForce } = sandbox.report;
  assertEquals(limitsNotInForce, ["data-size", "parent-death"]);
  const error = await loadFailure(host, sandbox);
  assertEquals(error.details.reason, "rss-limit");
  assertEquals(isAlive(sandbox.pid), false);
});

/** Spins beside its own thread, which answers all the while. */
const BURNER = plugin(`onLoad() {
  new Worker("data:text/javascript,for(;;);", { type: "module" });
}`);

Deno.test("startSandbox() ends a plugin that has used up its time of processors", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, BURNER, {
    // Another thread takes more memory to begin with than it uses.
    limits: { cpuSecondsMax: 1, rssBytesMax: 2 ** 31 },
  });
  assertEquals(sandbox.report.limitsNotInForce, []);
  const dead = death(sandbox);
  await register(host, sandbox);
  const { code, details } = await dead;
  assertEquals([code, details.reason], ["SANDBOX_DIED", "cpu-budget"]);
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("startSandbox() says that time of processors is not limited, where that is asked for and cannot be", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, plugin(""), {
    limits: { cpuSecondsMax: 1 },
    tier: await processTier({
      bash: "/bin/bash",
      deno: Deno.execPath(),
    }),
  });
  assertEquals(sandbox.report.limitsNotInForce, [
    "cpu-time",
    "data-size",
    "parent-death",
  ]);
});
