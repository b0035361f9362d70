import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ManualClock } from "../events/manual_clock_test.ts";
import { PluginError } from "../errors.ts";
import { isAlive } from "./processes_test.ts";
import { createToyHost } from "./toy_host_test.ts";
import { loadFailure, plugin, register, start } from "./toy_start_test.ts";

const DOUBLE = plugin(`onLoad(context) {
  context.operators.register({
    name: "double",
    apply: (bytes) => bytes.map((byte) => 2 * byte),
  });
}`);

Deno.test("startSandbox() runs a plugin in a process that ends with it", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, DOUBLE);
  assertEquals(sandbox.plugins.map(({ metadata }) => metadata.id), [
    "acme.toy",
  ]);
  assertEquals(isAlive(sandbox.pid), true);

  const handle = await register(host, sandbox);
  assertEquals(handle.contributions(), ["operator double"]);
  const reply = await host.entries.get("double")!
    .apply("hello", Uint8Array.of(1, 2, 100));
  assertEquals(reply.value, { echoed: "hello" });
  assertEquals(reply.bytes, Uint8Array.of(2, 4, 200));

  const { apply } = host.entries.get("double")!;
  const invalid = await assertRejects(() => apply(NaN), PluginError);
  assertEquals(invalid.code, "MESSAGE_INVALID");

  await host.registry.unregister("acme.toy");
  assertEquals(isAlive(sandbox.pid), false);
  assertEquals([...host.entries], []);
  const late = await assertRejects(() => apply("late"), PluginError);
  assertEquals(late.details.reason, "unloaded");
});

Deno.test("startSandbox() lets an attachment of megabytes cross both ways", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, DOUBLE);
  await register(host, sandbox);
  const bytes = new Uint8Array(5 * 2 ** 20).fill(3);
  const reply = await host.entries.get("double")!.apply("big", bytes);
  assertEquals(reply.bytes.length, bytes.length);
  assert(reply.bytes.every((byte) => byte === 6));
});

Deno.test("startSandbox() keeps the process while another of its plugins lives", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    `export default ["a", "b"].map((id) => ({ metadata: { id, version: "1.0.0" } }))`,
  );
  await host.registry.registerAll(sandbox.plugins);
  await host.registry.unregister("a");
  assertEquals(isAlive(sandbox.pid), true);
  await host.registry.unregister("b");
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("startSandbox() passes settings, events and logs through", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`
    onLoad(context) {
      context.config.set("seen", context.config.get("rate"));
      context.subscribe("Ask", (event, info) => {
        const { loss } = event.data;
        const data = { loss: -loss, source: info.source };
        context.publish({ kind: "Custom", eventType: "Answer", data });
      });
      context.log.warn("seen \\u001b[2K" + context.config.get("seen"), { a: ["\\u202e"] });
      console.table([["x", 1]]);
    },
    eventTypes: ["EpochEnd"],
    onEvent: (event, context) => context.log.info(event.kind + event.loss),
    onUnload: () => console.log("unloading"),
  `),
  );
  await host.registry.registerAll([{
    plugin: sandbox.plugins[0]!,
    config: { rate: 0.5 },
  }]);
  await host.events.publishAsync({
    kind: "Custom",
    eventType: "Ask",
    data: { loss: Infinity },
  });
  await host.events.publishAsync({ kind: "EpochEnd", epoch: 1, loss: NaN });
  await host.registry.unregister("acme.toy");
  const answer = host.published.find((event) =>
    event.kind === "Custom" && event.eventType === "Answer"
  );
  assertEquals(answer?.kind === "Custom" && answer.data, {
    loss: -Infinity,
    source: "host",
  });
  const [seen, table, ...rest] = host.log;
  assertEquals([seen?.level, seen?.source], ["warn", "acme.toy"]);
  assertEquals([seen?.message, seen?.fields], ["seen [2K0.5", { a: [""] }]);
  assertStringIncludes(table!.message, "x");
  assertEquals(rest.map(({ message }) => message), [
    "EpochEndNaN",
    "unloading",
  ]);
});

Deno.test("startSandbox() runs clean-ups at the host's word, newest first", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad(context) {
      for (const name of ["first", "second"]) {
        context.onDispose(() => { throw new RangeError(name) });
      }
    }`),
  );
  await register(host, sandbox);
  const { details } = await assertRejects(
    () => host.registry.unregister("acme.toy"),
    PluginError,
  );
  const failures = JSON.stringify(details.failures);
  assertMatch(failures, /RangeError: second.*RangeError: first/);
  assertEquals(isAlive(sandbox.pid), false);
});

Deno.test("event bus: clone failure across the sandbox", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onEvent: (event, { log }) => log.info(JSON.stringify(event)),
      eventTypes: ["Odd"]`),
  );
  await register(host, sandbox);
  const data = () => "a function";
  await host.events.publishAsync({ kind: "Custom", eventType: "Odd", data });
  assertEquals(
    host.log.at(-1)?.message,
    '{"kind":"Custom","eventType":"Odd","dataOmitted":true}',
  );
});

Deno.test("event bus: a loop through two sandboxes is stopped, and both plugins live", async () => {
  const clock = new ManualClock(); // stands still, so that the loop is quick enough on any machine
  await using host = createToyHost({ clock });
  const echo = (from: string, to: string) =>
    plugin(
      `onLoad: (context) => void context.subscribe("${from}", async () => {
        await null;
        context.publish({ kind: "Custom", eventType: "${to}", data: null });
      })`,
      `acme.${from}`,
    );
  await using ping = await start(host, echo("ping", "pong"));
  await using pong = await start(host, echo("pong", "ping"));
  await register(host, ping);
  await register(host, pong);
  const { promise, resolve } = Promise.withResolvers<string>();
  host.events.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") resolve(event.code);
  });
  host.events.publish({ kind: "Custom", eventType: "ping", data: null });
  assertEquals(await promise, "EVENT_LOOP");
  assertEquals(host.registry.listPlugins(), ["acme.ping", "acme.pong"]);
  const count = host.published.length;
  assert(count > 64 && count < 400, `${count} events`);
});

Deno.test("startSandbox() forwards only the events that a plugin wants", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onEvent: (event, { log }) => log.info(event.kind),
      eventTypes: ["EpochStart"]`),
  );
  await register(host, sandbox);
  await host.events.publishAsync({ kind: "EpochEnd", epoch: 1, loss: 0 });
  await host.events.publishAsync({ kind: "EpochStart", epoch: 2 });
  assertEquals(host.log.map(({ message }) => message), ["EpochStart"]);
});

Deno.test.each([
  {
    name: "the host refuses",
    onLoad:
      `c.operators.register({ name: "x" }); c.operators.register({ name: "x" })`,
    code: "TOY_EXISTS",
  },
  {
    name: "forges a lifecycle event",
    onLoad: `c.publish({ kind: "SystemShutdown" })`,
    code: "EVENT_TYPE_RESERVED",
  },
  {
    name: "no one can read",
    onLoad: `c.publish({ kind: "EpochEnd", epoch: "one", loss: 1 })`,
    code: "MESSAGE_INVALID",
  },
  {
    name: "the sandbox lacks",
    onLoad: `c.modules.register({})`,
    code: "PLUGIN_THREW",
  },
])(
  "startSandbox() fails the hook that did what $name",
  async ({ onLoad, code }) => {
    await using host = createToyHost();
    const source = plugin(`onLoad(c) { ${onLoad}; c.log.info("after") }`);
    await using sandbox = await start(host, source);
    assertEquals((await loadFailure(host, sandbox)).code, code);
    assertEquals(isAlive(sandbox.pid), false);
  },
);

Deno.test("startSandbox() wraps what a plugin throws, code and all", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    plugin(`onLoad() {
      const error = new RangeError("bad \\u001b[31m" + "x".repeat(5000));
      throw Object.assign(error, { code: "PLUGIN_ALREADY_REGISTERED" });
    }`),
  );
  const { code, message, details } = await loadFailure(host, sandbox);
  assertEquals(code, "PLUGIN_THREW");
  assertEquals(details.pluginCode, "PLUGIN_ALREADY_REGISTERED");
  assertEquals(details.pluginErrorName, "RangeError");
  assertMatch(message, /it threw RangeError: bad \[31mx/);
  assert(message.length < 2000);
});
