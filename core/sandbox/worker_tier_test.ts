import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ManualClock } from "../events/manual_clock_test.ts";
import { PluginError } from "../errors.ts";
import type { Death } from "./errors.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SandboxOptions } from "./start_sandbox.ts";
import { createToyHost, type ToyHost } from "./toy_host_test.ts";
import {
  death,
  loadFailure,
  plugin,
  register,
  startToy,
} from "./toy_start_test.ts";
import { workerTier } from "./worker_tier.ts";

/** A tier whose workers may do what this process may, and those of them that did not stop. */
function workers() {
  const tainted: [string, Death][] = [];
  const tier = workerTier({
    permissions: "inherit",
    onTaint: (name, death) => tainted.push([name, death]),
  });
  return { tier, tainted };
}

/** Starts a plugin in a worker that can be stopped. */
async function start(
  host: ToyHost,
  source: string,
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox> {
  return await startToy(host, source, { tier: workers().tier, ...options });
}

/** Waits until a plugin has announced something. */
async function heard({ events }: ToyHost, type: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _subscription = events.subscribe(type, () => resolve());
  await promise;
}

Deno.test("workerTier() runs a plugin in a worker, and says what does not hold it", async () => {
  await using host = createToyHost();
  const source = plugin(`onLoad(context) {
    context.operators.register({
      name: "double",
      apply: (bytes) => bytes.map((byte) => 2 * byte),
    });
    globalThis.mine = 1;
  }`);
  await using sandbox = await start(host, source);
  assertEquals(sandbox.pid, undefined);
  assertEquals(sandbox.report, {
    isolation: "worker",
    limitsNotInForce: [
      "data-size",
      "heap-size",
      "permissions",
      "resident-memory",
      "termination",
    ],
    messagesDropped: 0,
  });
  const handle = await register(host, sandbox);
  assertEquals(handle.isolation, "worker");
  assertEquals("mine" in globalThis, false);
  const { apply } = host.entries.get("double")!;
  const bytes = new Uint8Array(2 ** 20).fill(3);
  const reply = await apply("big", bytes);
  assertEquals(reply.bytes, new Uint8Array(2 ** 20).fill(6));
  assertEquals(bytes.length, 2 ** 20);
  await host.registry.unregister("acme.toy");
  const late = await assertRejects(() => apply("late"), PluginError);
  assertEquals(late.details.reason, "unloaded");
});

Deno.test("workerTier() runs a module's own text under its own URL, and nothing else", async () => {
  await using host = createToyHost();
  const source = `#!/usr/bin/env deno
    export default { metadata: { id: "acme.toy", version: "1.0.0" },
      async onLoad({ log }) {
        log.info(import.meta.url);
        const again = await import("./mod.js#again");
        log.info(String(again.default.metadata.id));
        await import("./other.js").catch((error) => log.info(error.message));
      } }`;
  await using sandbox = await start(host, source);
  await register(host, sandbox);
  const [url, id, refused] = host.log.map(({ message }) => message);
  assertEquals([url, id], ["https://plugins.test/mod.js", "acme.toy"]);
  assertStringIncludes(refused!, "not part of the plugin's module graph");
});

Deno.test("workerTier() lets nobody in a worker listen to the signals of the host", async () => {
  await using host = createToyHost();
  const source = plugin(`onLoad({ log }) {
    const listen = () => {};
    for (const attempt of [
      () => Deno.addSignalListener("SIGTERM", listen),
      () => process.on("SIGTERM", listen),
      () => process.once("SIGINT", listen),
    ]) {
      try { attempt(); log.info("open"); }
      catch (error) { log.info(error.message); }
    }
  }`);
  await using sandbox = await start(host, source);
  await register(host, sandbox);
  const closed = "Signals are the host's: they come to all of its workers";
  assertEquals(host.log.map(({ message }) => message), Array(3).fill(closed));
});

Deno.test.each([
  { name: "leaves by Deno.exit", source: "Deno.exit(3)", exitCode: 3 },
  { name: "leaves by close", source: "close(); await 0", exitCode: 0 },
  { name: "leaves by process.exit", source: "process.exit(4)", exitCode: 4 },
])("workerTier() notices a module that $name", async ({ source, exitCode }) => {
  await using host = createToyHost();
  const error = await assertRejects(
    () => start(host, `${source}; await new Promise(() => {})`),
    PluginError,
  );
  assertEquals(error.code, "SANDBOX_START_FAILED");
  assertEquals(error.details.reason, "exit");
  assertEquals(error.details.exitCode, exitCode);
});

Deno.test.each([
  {
    name: "an error",
    act: "setTimeout(() => { throw new RangeError('no luck') })",
  },
  {
    name: "a rejection",
    act: "void Promise.reject(new RangeError('no luck'))",
  },
])(
  "workerTier() ends a worker for $name that nobody catches, and the host lives",
  async ({ act }) => {
    await using host = createToyHost();
    const source = plugin(`eventTypes: ["EpochStart"], onEvent() { ${act} }`);
    await using sandbox = await start(host, source);
    await register(host, sandbox);
    const dead = death(sandbox);
    host.events.publish({ kind: "EpochStart", epoch: 1 });
    const { code, details } = await dead;
    assertEquals([code, details.reason, details.exitCode], [
      "SANDBOX_DIED",
      "exit",
      1,
    ]);
    assertStringIncludes(String(details.lastWords), "RangeError: no luck");
    assertEquals("isTainted" in details, false);
  },
);

Deno.test("workerTier() stops a worker that waits for ever, and nothing is tainted", async () => {
  await using host = createToyHost();
  const clock = new ManualClock();
  const { tier, tainted } = workers();
  const source = plugin(`onLoad(context) {
    context.publish({ kind: "Custom", eventType: "waiting", data: null });
    return new Promise(() => {});
  }`);
  await using sandbox = await startToy(host, source, {
    tier,
    clock,
    limits: { hookMs: 300 },
  });
  const waiting = heard(host, "waiting");
  const dead = death(sandbox);
  const failure = loadFailure(host, sandbox);
  await waiting;
  await clock.advance(300);
  assertEquals((await failure).code, "PLUGIN_HOOK_TIMEOUT");
  assertEquals((await dead).details.reason, "hook-timeout");
  assertEquals(tainted, []);
});

Deno.test("a worker that overruns is reported as not killable and tainted", async () => {
  await using host = createToyHost();
  const clock = new ManualClock();
  const { tier, tainted } = workers();
  // It computes until the test is through with it.
  await using file = await createFile();
  const source = plugin(`onLoad(context) {
    context.publish({ kind: "Custom", eventType: "computing", data: null });
    for (;;) Deno.statSync(${JSON.stringify(file.path)});
  }`);
  await using sandbox = await startToy(host, source, {
    tier,
    clock,
    limits: { hookMs: 300 },
  });
  const computing = heard(host, "computing");
  const dead = death(sandbox);
  const failure = loadFailure(host, sandbox);
  await computing;
  await clock.advance(300); // it has had its time
  assertEquals(tainted, []);
  await clock.advance(1_000); // and does not answer
  assertEquals((await failure).code, "PLUGIN_HOOK_TIMEOUT");
  const error = await dead;
  assertEquals(error.details, {
    url: "https://plugins.test/mod.js",
    reason: "hook-timeout",
    isTainted: true,
  });
  assertStringIncludes(error.message, "goes on in this process");
  assertEquals(tainted, [[
    "https://plugins.test/mod.js",
    { reason: "hook-timeout", isTainted: true },
  ]]);
  assertEquals(host.registry.listPlugins(), []);
});

Deno.test.each([
  { name: "no frame", post: `"hello"`, reason: "protocol" },
  {
    name: "part of a frame",
    post: `new Uint8Array(4).buffer`,
    reason: "protocol",
  },
  {
    name: "a frame too large",
    post: `Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0).buffer`,
    reason: "message-size",
  },
])("workerTier() ends a worker that sends $name", async ({ post, reason }) => {
  await using host = createToyHost();
  const { tier } = workers();
  const open: typeof tier.open = (options) =>
    tier.open({
      ...options,
      program: options.program.replace(
        "const start",
        `post(${post}); const start`,
      ),
    });
  const error = await assertRejects(
    () => startToy(host, plugin(""), { tier: { ...tier, open } }),
    PluginError,
  );
  assert(error.code === "SANDBOX_START_FAILED");
  assertEquals(error.details.reason, reason);
});

/** A file that is there until what looks at it is to stop. */
async function createFile(): Promise<
  { readonly path: string } & AsyncDisposable
> {
  const path = await Deno.makeTempFile();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path),
  };
}
