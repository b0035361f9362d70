// How a sandbox ends when it was not asked to: what its host sees, and that nothing of it is left.

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { countWithHeap, isAlive, within } from "./processes_test.ts";
import { createToyHost } from "./toy_host_test.ts";
import {
  death,
  loadFailure,
  pair,
  plugin,
  register,
  start,
} from "./toy_start_test.ts";

Deno.test.each([
  {
    name: "no default export",
    source: "export const plugin = {}",
    code: "NO_PLUGIN_EXPORT",
    found: "missing",
  },
  {
    name: "a default export that is no plugin",
    source: "export default 7",
    code: "NO_PLUGIN_EXPORT",
    found: "a value of type number",
  },
  {
    name: "a module that throws",
    source: "throw new RangeError('no luck'); export default 1",
    code: "PLUGIN_IMPORT_FAILED",
    found: undefined,
  },
  {
    name: "a module that does not parse",
    source: "export default {",
    code: "PLUGIN_IMPORT_FAILED",
    found: undefined,
  },
  {
    name: "metadata that breaks the rules",
    source: `export default { metadata: { id: "core", version: "one" } }`,
    code: "PLUGIN_METADATA_INVALID",
    found: undefined,
  },
  {
    name: "a module that ends its process",
    source: "Deno.exit(3)",
    code: "SANDBOX_START_FAILED",
    found: undefined,
  },
])(
  "startSandbox() refuses $name and leaves no process",
  async ({ source, code, found }) => {
    await using host = createToyHost();
    const limits = { heapBytesMax: 101 * 2 ** 20 };
    const error = await assertRejects(
      () => start(host, source, { limits }),
      PluginError,
    );
    assertEquals(error.code, code);
    assertEquals(error.details.found, found);
    assertEquals(await countWithHeap(101), 0);
  },
);

Deno.test("startSandbox() ends a module that loops while it loads", async () => {
  await using host = createToyHost();
  const limits = { startupMs: 700, heapBytesMax: 102 * 2 ** 20 };
  const error = await within(1700, () =>
    assertRejects(
      () => start(host, "for (;;);", { limits }),
      PluginError,
    ));
  assertEquals(error.code, "SANDBOX_START_FAILED");
  assertEquals(error.details.reason, "startup-timeout");
  assertEquals(await countWithHeap(102), 0);
});

Deno.test.each([
  { name: "loops", onLoad: `for (;;);` },
  { name: "never settles", onLoad: `return new Promise(() => {})` },
  {
    name: "stops itself and takes no signal",
    onLoad: `Deno.addSignalListener("SIGTERM", () => {});
      process.kill(process.pid, "SIGSTOP"); for (;;);`,
  },
])(
  "startSandbox() ends an onLoad that $name, and undoes what it did",
  async ({ onLoad }) => {
    await using host = createToyHost();
    await using sandbox = await start(
      host,
      plugin(`onLoad(c) { c.operators.register({ name: "x" }); ${onLoad} }`),
      { limits: { hookMs: 400 } },
    );
    const dead = death(sandbox);
    const error = await within(1400, () => loadFailure(host, sandbox));
    assertEquals(error.code, "PLUGIN_HOOK_TIMEOUT");
    assertEquals(error.details, {
      id: "acme.toy",
      hook: "onLoad",
      timeoutMs: 400,
    });
    assertEquals(isAlive(sandbox.pid), false);
    assertEquals((await dead).details.reason, "hook-timeout");
  },
);

Deno.test("startSandbox() ends an onEvent that loops", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onEvent() { for (;;); }, eventTypes: ["EpochStart"]`),
    { limits: { hookMs: 300 } },
  );
  await register(host, sandbox);
  const report = await within(
    1300,
    () => host.events.publishAsync({ kind: "EpochStart", epoch: 1 }),
  );
  assertEquals(report.failures.map(({ code }) => code), [
    "PLUGIN_HOOK_TIMEOUT",
  ]);
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("startSandbox() ends an onUnload that loops, and the plugin is gone", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onUnload() { for (;;); }`),
    { limits: { hookMs: 300 } },
  );
  await register(host, sandbox);
  const error = await within(
    1300,
    () =>
      assertRejects(() => host.registry.unregister("acme.toy"), PluginError),
  );
  assertEquals(error.code, "PLUGIN_UNLOAD_FAILED");
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("startSandbox() ends a hook that its registry has given up", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, plugin(`onLoad() { for (;;); }`));
  await assertRejects(
    () => host.registry.register(sandbox.plugins[0]!, { timeoutMs: 300 }),
    PluginError,
    "onLoad",
  );
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("startSandbox() ends a call that loops, and rejects every other one", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad(c) {
      c.operators.register({ name: "loop", apply() { for (;;); } });
    }`),
    { limits: { callMs: 300 } },
  );
  await register(host, sandbox);
  const { apply } = host.entries.get("loop")!;
  const results = await within(
    1300,
    () => Promise.allSettled([apply("first"), apply("second")]),
  );
  const [first, second] = results.map((result) =>
    result.status === "rejected" ? result.reason.code : undefined
  );
  assertEquals(first, "SANDBOX_CALL_TIMEOUT");
  // Its time was up a moment later: it either was told so, or that the process had ended.
  assert(["SANDBOX_CALL_TIMEOUT", "SANDBOX_DIED"].includes(second));
  assertEquals(isAlive(sandbox.pid), false);
  const late = await assertRejects(() => apply("third"), PluginError);
  assertEquals([late.code, late.details.reason], [
    "SANDBOX_DIED",
    "call-timeout",
  ]);
});

Deno.test("startSandbox() rejects a function's failure without ending the process", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad(c) {
      c.operators.register({ name: "bad", apply() { throw new RangeError("odd") } });
    }`),
  );
  await register(host, sandbox);
  const { apply } = host.entries.get("bad")!;
  const error = await assertRejects(() => apply("x"), PluginError);
  assertEquals([error.code, error.details.pluginMessage], [
    "PLUGIN_THREW",
    "odd",
  ]);
  assertEquals(isAlive(sandbox.pid), true);
});

Deno.test("startSandbox() rejects the calls of a process that is killed, once", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad(c) {
      c.operators.register({ name: "wait", apply: () => new Promise(() => {}) });
    }`),
  );
  await register(host, sandbox);
  const dead = death(sandbox);
  const call = host.entries.get("wait")!.apply("x");
  Deno.kill(sandbox.pid, "SIGKILL");
  const error = await assertRejects(() => call, PluginError);
  assertEquals(error.code, "SANDBOX_DIED");
  assertEquals(error.details.reason, "signal");
  assertEquals(error.details.signal, "SIGKILL");
  assertEquals((await dead).code, "SANDBOX_DIED");
  // Whoever asks too late is told all the same.
  assertEquals((await death(sandbox)).details.reason, "signal");
  const unload = await assertRejects(
    () => host.registry.unregister("acme.toy"),
    PluginError,
  );
  assertEquals(unload.code, "PLUGIN_UNLOAD_FAILED");
  assert(unload.cause instanceof PluginError);
  assertEquals(unload.cause.code, "SANDBOX_DIED");
  const gone = host.published.find(({ kind }) => kind === "PluginUnloaded");
  assertMatch(JSON.stringify(gone), /SANDBOX_DIED|sandbox has ended/);
});

Deno.test("startSandbox() says nothing of a death that was asked for", async () => {
  await using host = createToyHost();
  const sandbox = await start(host, plugin(""));
  let deaths = 0;
  sandbox.onDeath(() => deaths++);
  const first = sandbox[Symbol.asyncDispose]();
  // The second disposal waits as long as the first.
  await sandbox[Symbol.asyncDispose]();
  assertEquals(isAlive(sandbox.pid), false);
  await first;
  assertEquals(deaths, 0);
});

Deno.test("startSandbox() asks nothing more of a process that has ended", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad(c) { c.onDispose(() => {}); }, onEvent() {}`),
  );
  await register(host, sandbox);
  const dead = death(sandbox);
  Deno.kill(sandbox.pid, "SIGKILL");
  await dead;
  const event = { kind: "EpochStart", epoch: 1 } as const;
  const { matched, failures } = await host.events.publishAsync(event);
  assertEquals([matched, failures], [2, []]);
  const { details } = await assertRejects(
    () => host.registry.unregister("acme.toy"),
    PluginError,
  );
  const phases = JSON.stringify(details.failures).match(/"phase":"[^"]*"/g);
  assertEquals(phases, ['"phase":"onUnload"']);
});

Deno.test("startSandbox() ends a process for a hook that was given up, other plugins and all", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    pair("", "onLoad: () => new Promise(() => {})"),
  );
  const [first, second] = sandbox.plugins;
  await host.registry.register(first!);
  const dead = death(sandbox);
  await assertRejects(
    () => host.registry.register(second!, { timeoutMs: 200 }),
    PluginError,
  );
  // Long before the sandbox's own limit, 5 s.
  const { details } = await within(1000, () => dead);
  assertEquals(details.reason, "hook-timeout");
});

Deno.test("startSandbox() repeats a process's last words, clipped and cleaned", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad() {
      const noise = new TextEncoder().encode("noise ".repeat(1e5) + "\\u001b[31mthe end");
      Deno.stderr.writeSync(noise);
      Deno.exit(1);
    }`),
  );
  const { lastWords } = (await loadFailure(host, sandbox)).details;
  assert(typeof lastWords === "string" && lastWords.length <= 500);
  assertMatch(lastWords, /noise noise \[31mthe end$/);
});

Deno.test("startSandbox() ends an idle process that does not answer its heartbeat", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad() {
      const chain = () => Promise.resolve().then(chain);
      setTimeout(chain, 50);
    }`),
    { limits: { heartbeatMs: 300 } },
  );
  const dead = death(sandbox);
  await register(host, sandbox);
  assertEquals((await dead).details.reason, "heartbeat");
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("startSandbox() ends a process that floods its host with messages", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad(c) {
      for (let i = 0; i < 100_000; i++) c.config.set("key", i);
      return new Promise(() => {});
    }`),
    { limits: { messagesPerSecondMax: 100, messagesBurstMax: 1000 } },
  );
  const error = await loadFailure(host, sandbox);
  assertEquals(error.details.reason, "message-rate");
  assertEquals(isAlive(sandbox.pid), false);
});
