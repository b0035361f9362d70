import { assertEquals } from "@std/assert";
import { expectedLimits } from "./expected_limits.ts";
import { createToyHost } from "./toy_host_test.ts";
import { plugin, start } from "./toy_start_test.ts";

Deno.test("expectedLimits() tells what a sandbox then reports", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, plugin(""));
  assertEquals(await expectedLimits(), sandbox.report.limitsNotInForce);
});
