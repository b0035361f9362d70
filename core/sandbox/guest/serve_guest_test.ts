import { assertEquals, assertInstanceOf } from "@std/assert";
import type { Plugin } from "../../plugin/plugin.ts";
import { FakeHost, imported, loaded } from "./fake_host_test.ts";
import { serveGuest } from "./serve_guest.ts";

const DONE = { kind: "done", id: 1, value: null } as const;

Deno.test("serveGuest() tells who the plugins of a module are", async () => {
  const host = await imported([
    { metadata: { id: "a", version: "1.0.0" }, onUnload() {} },
    {
      metadata: { id: "b", name: undefined },
      onEvent() {},
      eventTypes: ["EpochEnd"],
    },
  ]);
  assertEquals(host.messages(), [{
    kind: "ready",
    plugins: [
      {
        metadata: { id: "a", version: "1.0.0" },
        hasOnUnload: true,
        hasOnEvent: false,
        hasSaveState: false,
        hasRestoreState: false,
        hasHealthCheck: false,
        eventTypes: null,
      },
      {
        metadata: { id: "b" },
        hasOnUnload: false,
        hasOnEvent: true,
        hasSaveState: false,
        hasRestoreState: false,
        hasHealthCheck: false,
        eventTypes: ["EpochEnd"],
      },
    ],
  }]);
});

Deno.test("serveGuest() tells that a module has no plugin", async () => {
  const host = await imported(5);
  assertEquals(host.messages(), [
    { kind: "noPlugin", found: "a value of type number" },
  ]);
});

Deno.test("serveGuest() tells that a module threw", async () => {
  const host = new FakeHost();
  serveGuest(host);
  const url = "data:text/javascript,throw new RangeError('No luck')";
  assertEquals(await host.ask({ kind: "import", url }), [
    { kind: "importFailed", error: { name: "RangeError", message: "No luck" } },
  ]);
});

Deno.test("a guest's context turns what a hook does into messages, in order", async () => {
  const { host, sent } = await loaded({
    onLoad(context) {
      context.log.info("hi", { n: 1 });
      const subscription = context.subscribe("EpochEnd", () => {});
      context.operators.register({ name: "x" });
      context.config.set("k", [1]);
      context.onDispose(() => {});
      context.publish({ kind: "EpochEnd", epoch: 1, loss: NaN });
      subscription.dispose();
      subscription.dispose();
    },
  }, {
    encoders: {
      operators: (definition) => ({
        data: { seen: Object.keys(definition) },
        bytes: Uint8Array.of(9),
      }),
    },
  });
  const plugin = 0;
  assertEquals(sent, [
    { kind: "log", plugin, level: "info", message: "hi", fields: { n: 1 } },
    { kind: "subscribe", plugin, slot: 1, type: "EpochEnd", priority: 0 },
    {
      kind: "register",
      plugin,
      slot: 2,
      point: "operators",
      data: { seen: ["name"] },
    },
    { kind: "setConfig", plugin, key: "k", value: [1] },
    { kind: "own", plugin, slot: 3 },
    {
      kind: "publish",
      plugin,
      event: { kind: "EpochEnd", epoch: 1, loss: { $number: "NaN" } },
    },
    { kind: "release", plugin, slot: 1 },
    DONE,
  ]);
  assertEquals(host.sent[3]?.bytes, Uint8Array.of(9));
});

Deno.test("a guest's context knows the plugin and its settings", async () => {
  const { sent } = await loaded({
    onLoad(context) {
      const { pluginId, version, config } = context;
      context.log.info(`${pluginId} ${version} ${config.get("rate")}`);
    },
  }, { config: [["rate", 0.5]] });
  assertEquals(sent.map((message) => "message" in message && message.message), [
    "acme.a 1.2.0 0.5",
    false,
  ]);
});

Deno.test.each<{
  name: string;
  act: NonNullable<Plugin["onLoad"]>;
  code: string;
}>([
  {
    name: "a point without an encoder",
    act: (context) => void context.backends.register({}),
    code: "UNAVAILABLE_IN_SANDBOX",
  },
  {
    name: "a point that nothing can be found in",
    act: (context) => void context.modules.find("x"),
    code: "UNAVAILABLE_IN_SANDBOX",
  },
  {
    name: "a setting that is a function",
    act: (context) =>
      Reflect.apply(context.config.set, context.config, ["k", Math.max]),
    code: "MESSAGE_INVALID",
  },
  {
    name: "a setting with a key that reaches a prototype",
    act: (context) => context.config.set("k", { constructor: 1 }),
    code: "MESSAGE_INVALID",
  },
  {
    name: "an event that cannot cross",
    act: (context) =>
      context.publish({ kind: "Custom", eventType: "x", data: Math.max }),
    code: "MESSAGE_INVALID",
  },
  {
    name: "an event type that is no text",
    act: (context) =>
      void Reflect.apply(context.subscribe, context, [5, () => {}]),
    code: "MESSAGE_INVALID",
  },
])("a guest's hook fails over $name, at the call", async ({ act, code }) => {
  const { sent } = await loaded({ onLoad: act });
  const [message] = sent;
  assertEquals(sent.length, 1);
  assertEquals(message?.kind === "failed" && message.error.code, code);
});

Deno.test("a guest finds what stands for an entry, without a message", async () => {
  const found: unknown[] = [];
  const { sent } = await loaded({
    onLoad: (context) => void found.push(context.operators.find("acme:x")),
  }, { finders: { operators: (name) => ({ stands: name }) } });
  assertEquals(found, [{ stands: "acme:x" }]);
  assertEquals(sent, [DONE]);
});

Deno.test("a guest's log writes what is not plain as a remark", async () => {
  const { sent } = await loaded({
    onLoad: (context) => context.log.warn("w", { bad: NaN }),
  });
  const [message] = sent;
  assertEquals(message?.kind === "log" && message.fields, {
    omitted: "the number NaN",
  });
});

Deno.test("a guest delivers events to listeners and to onEvent, and answers after them", async () => {
  const log: unknown[] = [];
  const { host } = await loaded({
    onLoad(context) {
      context.subscribe("EpochEnd", async (event, info) => {
        await Promise.resolve();
        log.push(["listener", event, info.source]);
      });
    },
    onEvent: (event) => void log.push(["hook", event]),
  });
  const event = { kind: "EpochEnd", epoch: 2, loss: { $number: "Infinity" } };
  const info = { type: "EpochEnd", seq: 1, source: "host", timestampMs: 0 };
  const base = { kind: "event", plugin: 0, event } as const;
  const decoded = { kind: "EpochEnd", epoch: 2, loss: Infinity };
  assertEquals(await host.ask({ ...base, id: 2, slot: 1, info }), [
    { ...DONE, id: 2 },
  ]);
  assertEquals(log, [["listener", decoded, "host"]]);
  await host.ask({ ...base, id: 3, slot: null, info: null });
  assertEquals(log[1], ["hook", decoded]);
});

Deno.test("a guest's listener that was disposed hears nothing", async () => {
  const log: unknown[] = [];
  const { host } = await loaded({
    onLoad(context) {
      context.subscribe("*", (event) => void log.push(event)).dispose();
    },
  });
  const event = { kind: "EpochStart", epoch: 1 };
  await host.ask({ kind: "event", id: 2, plugin: 0, slot: 1, event, info: {} });
  assertEquals(log, []);
});

Deno.test("a guest runs clean-ups once, with what they belong to", async () => {
  const log: string[] = [];
  const { host } = await loaded({
    onLoad(context) {
      context.onDispose(() => void log.push("callback"));
      context.use({ [Symbol.dispose]: () => void log.push("disposable") });
      context.use({
        [Symbol.asyncDispose]: () => {
          log.push("async");
          return Promise.resolve();
        },
      });
    },
  });
  for (const [id, slot] of [[2, 3], [3, 2], [4, 1], [5, 1]] as const) {
    await host.ask({ kind: "cleanUp", id, plugin: 0, slot });
  }
  assertEquals(log, ["async", "disposable", "callback"]);
});

Deno.test("a guest calls the functions that an encoder handed out", async () => {
  const { host } = await loaded({
    onLoad: (context) => void context.operators.register({}),
  }, {
    encoders: {
      operators: (_definition, remote) => ({
        data: [
          remote.expose((args, bytes) => ({
            value: [args],
            bytes: bytes.map((byte) => byte + 1),
          })),
          remote.expose(() => Promise.reject(new RangeError("No"))),
          remote.expose(() => ({ value: NaN })),
        ],
      }),
    },
  });
  const call = { kind: "call", args: "a" } as const;
  const [done] = await host.ask(
    { ...call, id: 2, handle: 0 },
    Uint8Array.of(1, 2),
  );
  assertEquals(done, { kind: "done", id: 2, value: ["a"] });
  assertEquals(host.sent.at(-1)?.bytes, Uint8Array.of(2, 3));
  for (
    const [handle, code] of [
      [1, undefined],
      [2, "MESSAGE_INVALID"],
      [3, "UNAVAILABLE_IN_SANDBOX"],
    ] as const
  ) {
    const [failed] = await host.ask({ ...call, id: 3, handle });
    assertEquals(failed?.kind === "failed" && failed.error.code, code);
  }
});

Deno.test("a guest's context ends with the plugin", async () => {
  let signal: AbortSignal | undefined;
  let act = () => {};
  const { host } = await loaded({
    onLoad(context) {
      signal = context.signal;
      const registration = context.subscribe("*", () => {});
      act = () => {
        registration.dispose();
        context.log.info("late");
      };
    },
  });
  assertEquals(signal?.aborted, false);
  host.tell({ kind: "abort", plugin: 0 });
  assertEquals(signal?.aborted, true);
  host.tell({ kind: "end", plugin: 0 });
  const from = host.sent.length;
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  assertInstanceOf(thrown, Error);
  assertEquals(Reflect.get(thrown, "code"), "CONTEXT_DISPOSED");
  assertEquals(host.messages(from), []);
});

Deno.test("a guest runs onUnload with the context of onLoad", async () => {
  const contexts: unknown[] = [];
  const { host } = await loaded({
    onLoad: (context) => void contexts.push(context),
    onUnload: (context) => void contexts.push(context),
  });
  await host.ask({
    kind: "hook",
    id: 2,
    plugin: 0,
    hook: "onUnload",
    config: [],
    handover: null,
  });
  assertEquals(contexts.length, 2);
  assertEquals(contexts[0], contexts[1]);
});
