import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { settle } from "../events/manual_clock_test.ts";
import type { PluginContext } from "./context.ts";
import type { Plugin } from "./plugin.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";
import {
  assertFirstAnswers,
  counter,
  fail,
  hello,
} from "./reload_fixture_test.ts";

Deno.test("reload keeps state", async () => {
  const made = fixture();
  const { registry, heard } = made;
  const state = { count: 7, at: new Date(0), by: new Map([["x", 1]]) };
  const first = counter("1.0.0", { saveState: () => state });
  let got: unknown[] = [];
  const second = counter("2.0.0", {
    restoreState: (...args) => void (got = args),
  });
  await registry.register(first);
  const old = registry.get("a")!;
  assertEquals(await registry.reload("a", second), {
    from: "1.0.0",
    to: "2.0.0",
    stateTransferred: true,
  });
  assertEquals(got, [state, second.context, "1.0.0"]);
  assert(got[0] !== state, "the state is a copy");
  assertEquals(old.state, "absent");
  assertEquals(registry.get("a")?.state, "active");
  assertEquals(registry.get("a")?.version, "2.0.0");
  assertStrictEquals(registry.get("a")?.instance(), second);
  assertEquals([...made.entries], ["operator count of a 2"]);
  hello(made, 1);
  assertEquals([first.heard, second.heard], [[], [1]]);
  assertEquals(
    heard.filter((line) => line.startsWith("Plugin")),
    ["PluginLoaded a", "PluginReloaded a 1.0.0 2.0.0"],
  );
});

Deno.test("reload() hands nothing over unless one saves and the other restores", async () => {
  const saving = { saveState: () => 1 };
  const restoring = { restoreState: () => assert(false, "nothing is saved") };
  for (const [one, other] of [[saving, {}], [{}, restoring]] as const) {
    const { registry } = fixture();
    await registry.register(counter("1.0.0", one));
    const report = await registry.reload("a", counter("1.0.1", other));
    assertEquals(report.stateTransferred, false);
  }
});

Deno.test("reload() calls the hooks in order, and unloads the old one last", async () => {
  const { registry } = fixture();
  const log: string[] = [];
  const hooks = (name: string) => ({
    onLoad: (context: PluginContext) => {
      log.push(`${name} onLoad`);
      context.onDispose(() => void log.push(`${name} undone`));
    },
    onUnload: () => void log.push(`${name} onUnload`),
    saveState: () => void log.push(`${name} saveState`),
    restoreState: () => void log.push(`${name} restoreState`),
    healthCheck: () => void log.push(`${name} healthCheck`),
  });
  await registry.register(counter("1.0.0", hooks("old")));
  await registry.reload("a", counter("1.0.1", hooks("new")));
  assertEquals(log, [
    "old onLoad",
    "old saveState",
    "new onLoad",
    "new restoreState",
    "new healthCheck",
    "old onUnload",
    "old undone",
  ]);
});

const PHASES: readonly {
  readonly phase: string;
  readonly old?: Partial<Plugin>;
  readonly next?: Partial<Plugin>;
}[] = [
  { phase: "saveState", old: { saveState: fail } },
  { phase: "saveState", old: { saveState: () => () => {} } },
  { phase: "onLoad", next: { onLoad: fail } },
  {
    phase: "restoreState",
    old: { saveState: () => 1 },
    next: { restoreState: fail },
  },
  { phase: "healthCheck", next: { healthCheck: () => false } },
  { phase: "healthCheck", next: { healthCheck: fail } },
  { phase: "onEvent", next: { onEvent() {}, eventTypes: [" "] } },
];

for (const [index, { phase, old = {}, next = {} }] of PHASES.entries()) {
  Deno.test(`reload fails in each phase and the old one still answers, no event lost or doubled: ${phase} (${index})`, async () => {
    const made = fixture();
    const { registry, heard } = made;
    const first = counter("1.0.0", {
      ...old,
      saveState(context) {
        hello(made, 1);
        return old.saveState?.(context);
      },
    });
    const log: string[] = [];
    const second = counter("2.0.0", {
      ...next,
      onLoad(context) {
        context.onDispose(() => void log.push("undone"));
        hello(made, 2);
        return next.onLoad?.(context);
      },
    });
    await registry.register(first);
    hello(made, 0);
    const error = await failure(registry.reload("a", second));
    assertEquals(error.code, "RELOAD_FAILED");
    assertEquals(error.details.phase, phase);
    assertEquals(error.details.version, "1.0.0");
    assert(error.cause instanceof Error);
    const wasLoaded = phase !== "saveState";
    assertEquals(log, wasLoaded ? ["undone"] : []);
    assertEquals(first.heard, wasLoaded ? [0, 1, 2] : [0, 1]);
    assertEquals(second.heard, []);
    assertFirstAnswers(made, first);
    assert(heard.includes(`PluginError a ${phase} RELOAD_FAILED`));
    // What has failed in the new one can be tried again.
    if (!wasLoaded) return;
    await registry.reload("a", counter("2.0.0"));
    assertEquals(registry.get("a")?.version, "2.0.0");
  });
}

Deno.test("reload() gives up on a hook in time, and shuts the new context", async () => {
  const made = fixture();
  const { registry, clock } = made;
  const first = counter("1.0.0");
  await registry.register(first, { timeoutMs: 50 });
  const second = counter("2.0.0", { onLoad: () => new Promise(() => {}) });
  const failed = failure(registry.reload("a", second));
  await settle();
  await clock.advance(50);
  const error = await failed;
  assertEquals(error.details.phase, "onLoad");
  assertEquals(
    (error.cause as { code?: string }).code,
    "PLUGIN_HOOK_TIMEOUT",
  );
  const { services } = second.context!;
  assertEquals(
    await failure(Promise.try(() => services.list())).then(({ code }) => code),
    "CONTEXT_DISPOSED",
  );
  assertFirstAnswers(made, first);
});

Deno.test("reload() waits for the old one's listeners, and gives up on them in time", async () => {
  for (const hangs of [false, true]) {
    const made = fixture();
    const { registry, clock, events } = made;
    const work = Promise.withResolvers<void>();
    const log: string[] = [];
    const first = counter("1.0.0", {
      onLoad: (context) => void context.subscribe("slow", () => work.promise),
      saveState: () => void log.push("saved"),
    });
    await registry.register(first, { timeoutMs: 50 });
    events.publish({ kind: "Custom", eventType: "slow", data: 0 });
    const reloaded = registry.reload("a", counter("2.0.0"));
    reloaded.catch(() => {});
    await settle();
    assertEquals(log, []);
    if (hangs) {
      await clock.advance(50);
      const error = await failure(reloaded);
      assertEquals(error.details.phase, "pause");
      assertFirstAnswers(made, first);
      work.resolve();
    } else {
      work.resolve();
      await reloaded;
      assertEquals(log, ["saved"]);
    }
  }
});

Deno.test("reload() brings the events of the meantime to the new one, each once and in order", async () => {
  const made = fixture();
  const { registry, events } = made;
  const first = counter("1.0.0", { saveState: () => hello(made, 1) });
  const heard: string[] = [];
  const second = counter("2.0.0", {
    onLoad(context) {
      hello(made, 2);
      context.publish({ kind: "Custom", eventType: "hello", data: 3 });
    },
    onEvent: (event) =>
      void heard.push(event.kind === "Custom" ? `${event.data}` : event.kind),
  });
  await registry.register(first);
  const seqs: number[] = [];
  events.subscribe("hello", (_, { seq }) => void seqs.push(seq));
  const done = registry.reload("a", second);
  hello(made, 0);
  await done;
  hello(made, 4);
  assertEquals(first.heard, []);
  assertEquals(second.heard, [0, 1, 2, 3, 4]);
  assertEquals(heard, ["0", "1", "2", "3", "count", "PluginReloaded", "4"]);
  assertEquals(seqs, seqs.toSorted((a, b) => a - b));
});

Deno.test("reload() holds 1024 events, drops the oldest and counts them", async () => {
  const made = fixture();
  const { registry, log } = made;
  const flood = () => {
    for (let n = 0; n < 1030; n++) hello(made, n);
  };
  const first = counter("1.0.0");
  await registry.register(first);
  const second = counter("2.0.0", { onLoad: flood });
  await registry.reload("a", second);
  assertEquals(second.heard.length, 1024);
  assertEquals([second.heard[0], second.heard.at(-1)], [6, 1029]);
  assertEquals(log.filter(({ fields }) => "dropped" in fields).length, 1);
  assertEquals(log.at(-1)?.fields, { dropped: 6 });
});

Deno.test("reload() stamps what it held as it was published", async () => {
  const made = fixture();
  const { registry, clock } = made;
  const stamps: unknown[] = [];
  const next = counter("2.0.0", {
    onLoad(context) {
      context.subscribe("late", (_, info) => void stamps.push(info));
      context.publish({ kind: "Custom", eventType: "late", data: 0 });
      clock.setMs(500);
    },
  });
  await registry.register(counter("1.0.0"));
  const seen: unknown[] = [];
  made.events.subscribe("late", (_, info) => void seen.push(info));
  clock.setMs(100);
  await registry.reload("a", next);
  assertEquals(stamps, seen);
  assertEquals((stamps[0] as { timestampMs: number }).timestampMs, 100);
});

Deno.test("reload() leaves dependents running", async () => {
  const made = fixture();
  const log: string[] = [];
  await made.registry.register(counter("1.0.0"));
  await made.registry.register({
    ...dependent("b", "a"),
    onLoad: (context) =>
      void context.subscribe("ask", () => {
        const { version } = context.services.require<{ version: string }>(
          "counter",
        );
        log.push(version);
      }),
    onUnload: () => void log.push("gone"),
  });
  const ask = () =>
    made.events.publish({ kind: "Custom", eventType: "ask", data: 0 });
  ask();
  await made.registry.reload("a", counter("1.1.0"));
  ask();
  assertEquals(log, ["1.0.0", "1.1.0"]);
});

Deno.test("reload() takes away what the new one does not bring", async () => {
  const made = fixture();
  const first = counter("1.0.0", {
    onLoad(context) {
      context.modules.register({ name: "extra" });
      context.services.provide("extra", {});
    },
  });
  await made.registry.register(first);
  const second = counter("1.1.0");
  await made.registry.reload("a", second);
  assertEquals([...made.entries], ["operator count of a 2"]);
  assertEquals(second.context!.services.list(), ["a/counter", "core/math"]);
  await made.registry.unregister("a");
  assertEquals([...made.entries], []);
});

Deno.test("reload() reports a failing onUnload of the old one and goes on", async () => {
  const made = fixture();
  await made.registry.register(counter("1.0.0", { onUnload: fail }));
  await made.registry.reload("a", counter("1.1.0"));
  assertEquals(made.registry.get("a")?.version, "1.1.0");
  assert(made.heard.includes("PluginError a onUnload PLUGIN_HOOK_FAILED"));
});

Deno.test("reload() keeps what the host has set, not what the plugin has", async () => {
  const { registry } = fixture();
  const first = counter("1.0.0", {
    onLoad: ({ config }) => config.set("own", 1),
  });
  await registry.register(first, { config: { host: 2 } });
  const second = counter("1.1.0");
  await registry.reload("a", second);
  assertEquals(second.context?.config.list(), [["host", 2]]);
  const third = counter("1.2.0");
  await registry.reload("a", third, { config: { host: 3 } });
  assertEquals(third.context?.config.list(), [["host", 3]]);
});

Deno.test("reload() tells SystemInit to nobody twice, and to whom it is news", async () => {
  const seen: string[] = [];
  const hears = (version: string, types?: string[]) =>
    counter(version, {
      ...types && { eventTypes: types },
      onEvent: ({ kind }) => void (kind === "SystemInit" && seen.push(version)),
    });
  const { registry } = fixture();
  await registry.register(hears("1.0.0"));
  await registry.initializeAll();
  await registry.reload("a", hears("1.1.0"));
  assertEquals(seen, ["1.0.0"]);
  const other = fixture().registry;
  await other.register(hears("2.0.0", ["TensorOp"]));
  await other.initializeAll();
  await other.reload("a", hears("2.1.0"));
  await other.reload("a", hears("2.2.0"));
  assertEquals(seen, ["1.0.0", "2.1.0"]);
  const third = fixture().registry;
  await third.register(hears("3.0.0"));
  const reloading = third.reload("a", hears("3.1.0"));
  await third.initializeAll();
  await reloading;
  assertEquals(seen, ["1.0.0", "2.1.0", "3.1.0"]);
});

Deno.test("reloadAll() replaces all or none", async () => {
  const made = fixture();
  const { registry, heard } = made;
  await registry.register(counter("1.0.0"));
  await registry.register(
    plugin("b", { metadata: { dependencies: { a: "^1.0.0" } } }),
  );
  const next = (hooks: Partial<Plugin> = {}) => [
    {
      plugin: plugin("b", {
        ...hooks,
        metadata: { version: "2.0.0", dependencies: { a: "^2.0.0" } },
      }),
    },
    { plugin: counter("2.0.0") },
  ];
  const error = await failure(registry.reloadAll(next({ onLoad: fail })));
  assertEquals([error.code, error.details.id], ["RELOAD_FAILED", "b"]);
  assertEquals(registry.get("a")?.version, "1.0.0");
  assertEquals(registry.get("b")?.state, "active");
  heard.length = 0;
  const reports = await registry.reloadAll(next());
  assertEquals(reports.map(({ to }) => to), ["2.0.0", "2.0.0"]);
  assertEquals(
    heard.filter((line) => line.startsWith("Plugin")),
    ["PluginReloaded a 1.0.0 2.0.0", "PluginReloaded b 1.0.0 2.0.0"],
  );
  assertEquals(registry.validateDependencyGraph().ok, true);
  const twice = await failure(registry.reloadAll([...next(), ...next()]));
  assertEquals(twice.code, "PLUGIN_DUPLICATE");
});
