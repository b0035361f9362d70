import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { EventInput } from "../events/event.ts";
import type { PluginContext } from "./context.ts";
import { PluginRegistry } from "./registry.ts";
import { contexts, fixture, plugin } from "./registry_fixture_test.ts";

function code(run: () => unknown): string {
  return assertThrows(run, PluginError).code;
}

Deno.test("a context says whose it is", async () => {
  const [context] = await contexts(fixture(), plugin("a"));
  assertEquals([context!.pluginId, context!.version], ["a", "1.0.0"]);
  assert(Object.isFrozen(context));
});

Deno.test("a context is shut once its plugin is gone", async () => {
  const made = fixture();
  const [context] = await contexts(made, plugin("a"));
  const { services, config, log, operators } = context!;
  await made.registry.unregister("a");
  const calls: (() => unknown)[] = [
    () => context!.subscribe("step", () => {}),
    () => context!.publish({ kind: "EpochStart", epoch: 1 }),
    () => context!.use({ [Symbol.dispose]: () => {} }),
    () => context!.onDispose(() => {}),
    () => log.info("late"),
    () => config.get("k"),
    () => config.set("k", 1),
    () => config.unset("k"),
    () => config.list(),
    () => config.clear(),
    () => services.provide("s", {}),
    () => services.get("s"),
    () => services.require("s"),
    () => services.list(),
    () => operators.register({ name: "x" }),
  ];
  for (const call of calls) assertEquals(code(call), "CONTEXT_DISPOSED");
  assertEquals(made.log, []);
});

Deno.test("a plugin publishes under its own name, whatever the event says", async () => {
  const made = fixture();
  const [context] = await contexts(made, plugin("a"));
  const sources: string[] = [];
  made.events.subscribe(
    "step",
    (_event, { source }) => void sources.push(source),
  );
  const event = {
    kind: "Custom",
    eventType: "step",
    data: 1,
    source: "host",
  } as const;
  context!.publish(event);
  assertEquals([sources, Object.isFrozen(event)], [["a"], false]);
});

Deno.test.each(
  [
    { kind: "SystemInit" },
    { kind: "SystemShutdown" },
    { kind: "PluginLoaded", pluginId: "b" },
    { kind: "PluginUnloaded", pluginId: "b" },
    { kind: "PluginReloaded", pluginId: "b", from: "1.0.0", to: "2.0.0" },
    { kind: "PluginError", phase: "p", code: "C", message: "m" },
    { kind: "Custom", eventType: "PluginLoaded", data: { pluginId: "b" } },
  ] as const,
)("event bus: forged lifecycle event from a context: %j", async (event) => {
  const made = fixture();
  const [context] = await contexts(made, plugin("a"));
  made.heard.length = 0;
  assertEquals(code(() => context!.publish(event)), "EVENT_TYPE_RESERVED");
  assertEquals(made.heard, []);
});

Deno.test("event bus: forged lifecycle event from a context: one that changes", async () => {
  const made = fixture();
  const [context] = await contexts(made, plugin("a"));
  made.heard.length = 0;
  let reads = 0;
  const event = {
    get kind() {
      return reads++ === 0 ? "EpochStart" : "PluginLoaded";
    },
    epoch: 1,
    pluginId: "b",
  };
  context!.publish(event as EventInput);
  assertEquals(made.heard, ["EpochStart"]);
});

Deno.test("a plugin's subscription ends early or with the plugin", async () => {
  const made = fixture();
  const [context] = await contexts(made, plugin("a"));
  const early = context!.subscribe("step", () => {});
  const kept = context!.subscribe("step", () => {});
  assertEquals([early.type, kept.id > early.id], ["step", true]);
  early.dispose();
  early[Symbol.dispose]();
  const handle = made.registry.get("a")!;
  assertEquals(handle.contributions(), ["listener step"]);
  await made.registry.unregister("a");
  kept.dispose();
  assertEquals(made.events.clearListeners("step"), 0);
  const text: unknown = "log";
  const [other] = await contexts(made, plugin("b"));
  assertThrows(() => other!.subscribe("step", text as () => void), OptionError);
});

Deno.test("a failing listener is reported under its plugin's name", async () => {
  const made = fixture();
  const [context] = await contexts(made, plugin("a"));
  context!.subscribe("step", () => {
    throw new TypeError("no");
  });
  const step: EventInput = { kind: "Custom", eventType: "step", data: 1 };
  assertEquals(made.events.publishReport(step).failures[0]?.owner, "a");
});

Deno.test("use() and onDispose() take what can be disposed only", async () => {
  const [context] = await contexts(fixture(), plugin("a"));
  const resource = { [Symbol.dispose]: () => {} };
  assertStrictEquals(context!.use(resource), resource);
  for (const wrong of [null, {}, "file"] as unknown[]) {
    assertThrows(() => context!.use(wrong as Disposable), OptionError);
    assertThrows(() => context!.onDispose(wrong as () => void), OptionError);
  }
});

Deno.test("contributions go early or with the plugin, and once only", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  const early = a!.operators.register({ name: "x" });
  a!.modules.register({ name: "y" });
  assertEquals([...made.entries], ["operator x of a", "module y of a"]);
  early[Symbol.dispose]();
  made.entries.add("operator x of a"); // somebody else's by now
  early[Symbol.dispose]();
  await made.registry.unregister("a");
  assertEquals([...made.entries], ["operator x of a"]);
});

Deno.test("a slot that refuses an entry tells the plugin", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  assertThrows(() => a!.operators.register({}), TypeError, "no name");
  assertEquals(made.registry.get("a")!.contributions(), []);
});

Deno.test("a slot that is not there is named, with those that are", async () => {
  const [a] = await contexts(fixture(), plugin("a"));
  const error = assertThrows(
    () => a!.backends.register({ name: "x" }),
    PluginError,
  );
  assertEquals(error.code, "CONTRIBUTION_POINT_MISSING");
  assertEquals(error.details, {
    pluginId: "a",
    point: "backends",
    known: ["modules", "operators"],
  });
  const bare = new PluginRegistry({
    events: new PluginEventBus(),
    engineVersion: "0.1.0",
  });
  await bare.register(plugin("a", {
    onLoad: ({ operators }) =>
      assertEquals(
        code(() => operators.register({})),
        "CONTRIBUTION_POINT_MISSING",
      ),
  }));
  await bare.shutdown();
});

Deno.test("an announcement that fails is logged and undoes nothing", async () => {
  const log: unknown[] = [];
  const registry = new PluginRegistry({
    events: new PluginEventBus(),
    engineVersion: "0.1.0",
    log: (record) => log.push(record),
    contributionPoints: [{
      name: "operators",
      label: "operator",
      register: () => ({
        name: "x",
        announce() {
          throw new TypeError("no");
        },
        [Symbol.dispose]: () => {},
      }),
    }],
  });
  const { operators } = await new Promise<PluginContext>((resolve, reject) => {
    registry.register(plugin("a", { onLoad: (context) => resolve(context) }))
      .catch(reject);
  });
  await registry.register(
    plugin("b", { onLoad: (b) => void b.operators.register({}) }),
  );
  operators.register({});
  const message = "An announcement failed";
  const fields = { code: "PLUGIN_HOOK_FAILED", message: "no" };
  assertEquals(
    log,
    ["b", "a"].map((source) => ({ level: "error", source, message, fields })),
  );
  await registry.shutdown();
});

Deno.test("a plugin's log carries its name, and what was dropped at its end", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  for (let line = 0; line < 103; line++) a!.log.info("hello", { line });
  await made.registry.unregister("a");
  assertEquals(made.log.length, 101);
  assertEquals(made.log[0], {
    level: "info",
    source: "a",
    message: "hello",
    fields: { line: 0 },
  });
  assertEquals(made.log.at(-1)?.fields, { dropped: 3 });
});

Deno.test("the log of a plugin that does not load says what was dropped too", async () => {
  const { registry, log } = fixture();
  const broken = plugin("a", {
    onLoad(context) {
      for (let line = 0; line < 102; line++) context.log.info("hello");
      throw new Error("no");
    },
  });
  await registry.register(broken).catch(() => {});
  assertEquals(log.at(-1)?.fields, { dropped: 2 });
});

Deno.test("a plugin's listener may listen once, early, or until a signal", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  const calls: string[] = [];
  const { signal, ...controller } = abortable();
  a!.subscribe("step", () => void calls.push("plain"), { signal });
  a!.subscribe("step", (_event) => void calls.push("once"), { once: true });
  a!.subscribe("step", () => void calls.push("early"), { priority: 1 });
  const publish = () =>
    made.events.publish({ kind: "Custom", eventType: "step", data: 0 });
  publish();
  assertEquals(calls, ["early", "plain", "once"]);
  const contributions = () => made.registry.get("a")!.contributions();
  assertEquals(contributions(), ["listener step", "listener step"]);
  controller.abort();
  publish();
  assertEquals(calls.slice(3), ["early"]);
  a!.subscribe("step", () => {}, { signal });
  assertEquals(contributions(), ["listener step"]);
});

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

Deno.test("a plugin may listen to the events of a namespace", async () => {
  const made = fixture();
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  const heard: string[] = [];
  a!.subscribe(
    "b.*",
    (_event, { type, source }) => void heard.push(`${type} of ${source}`),
  );
  b!.publish({ kind: "Custom", eventType: "b.step", data: 0 });
  assertEquals(heard, ["b.step of b"]);
});
