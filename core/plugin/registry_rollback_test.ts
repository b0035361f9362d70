import { assert, assertEquals } from "@std/assert";
import { PluginError } from "../errors.ts";
import { settle } from "../events/manual_clock_test.ts";
import type { PluginContext } from "./context.ts";
import { failure, fixture, plugin } from "./registry_fixture_test.ts";

/** Adds one thing of each kind, and notes in `log` when its own clean-ups run. */
function addEverything(context: PluginContext, log: string[]): void {
  context.onDispose(() => void log.push("first"));
  context.subscribe("step", () => void log.push("heard"));
  context.config.set("rate", 0.1);
  context.services.provide("store", {});
  context.operators.register({ name: "swish" });
  context.use({ [Symbol.dispose]: () => void log.push("used") });
  context.modules.register({ name: "block" });
  context.signal.addEventListener("abort", () => void log.push("abort"));
  context.onDispose(() => Promise.reject(new TypeError("stuck")));
}

Deno.test("register() undoes everything if onLoad fails, newest first", async () => {
  const { registry, heard, entries, events } = fixture();
  const log: string[] = [];
  const cause = new TypeError("no GPU");
  const onLoad = (context: PluginContext) => {
    addEverything(context, log);
    assertEquals(entries.size, 2); // visible from the moment they are made
    throw cause;
  };
  const error = await failure(registry.register(plugin("acme.a", { onLoad })));
  assertEquals([error.code, error.cause], ["PLUGIN_LOAD_FAILED", cause]);
  assertEquals(
    error.message,
    'Cannot load plugin "acme.a": onLoad failed, no GPU',
  );
  assertEquals(error.details, {
    id: "acme.a",
    phase: "onLoad",
    reason: { code: "PLUGIN_HOOK_FAILED", message: "no GPU" },
    rollbackErrors: [{
      id: "acme.a",
      phase: "dispose",
      code: "PLUGIN_HOOK_FAILED",
      message: "stuck",
    }],
  });
  assertEquals(log, ["abort", "used", "first"]);
  assertEquals(entries.size, 0);
  // Nothing was announced but the failure, and nobody listens any more.
  assertEquals(heard, ["PluginError acme.a onLoad PLUGIN_LOAD_FAILED"]);
  assertEquals(
    events.publishReport({ kind: "Custom", eventType: "step", data: 0 })
      .matched,
    1,
  );
  assertEquals(registry.has("acme.a"), false);
});

Deno.test("register() can be tried again after a failure, and finds nothing left over", async () => {
  const { registry, entries } = fixture();
  let isBroken = true;
  const log: string[] = [];
  const again = plugin("acme.a", {
    onLoad(context) {
      assertEquals(context.config.list(), []);
      addEverything(context, log);
      if (isBroken) throw new Error("not yet");
    },
  });
  await failure(registry.register(again, { config: {} }));
  isBroken = false;
  const handle = await registry.register(again);
  assertEquals([...entries], [
    "operator swish of acme.a",
    "module block of acme.a",
  ]);
  assertEquals(handle.contributions(), [
    "listener step",
    "config rate",
    "service acme.a/store",
    "operator swish",
    "module block",
  ]);
});

Deno.test("register() announces contributions in order once the load holds, then the plugin", async () => {
  const { registry, heard } = fixture();
  let context: PluginContext | undefined;
  await registry.register(plugin("acme.a", {
    onLoad(own) {
      context = own;
      own.operators.register({ name: "swish" });
      own.operators.register({ name: "gone" })[Symbol.dispose]();
      own.modules.register({ name: "block" });
      assertEquals(heard, []);
    },
  }));
  const announced = ["operatorRegistered swish", "moduleRegistered block"];
  assertEquals(heard, [...announced, "PluginLoaded acme.a"]);
  context!.operators.register({ name: "late" });
  assertEquals(heard.at(-1), "operatorRegistered late");
});

Deno.test("register() gives up on onLoad in time, and shuts the context", async () => {
  const { registry, clock, heard } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  let late: unknown;
  const onLoad = async (context: PluginContext) => {
    await promise;
    try {
      context.operators.register({ name: "late" });
    } catch (error) {
      late = error;
      throw error; // dropped: an unhandled rejection would fail this test
    }
  };
  const load = failure(
    registry.register(plugin("a", { onLoad }), { timeoutMs: 100 }),
  );
  await clock.advance(99);
  assertEquals(heard, []);
  await clock.advance(1);
  const error = await load;
  assertEquals(error.code, "PLUGIN_LOAD_FAILED");
  assert(error.cause instanceof PluginError);
  assertEquals(error.cause.code, "PLUGIN_HOOK_TIMEOUT");
  assertEquals(error.cause.details, {
    id: "a",
    hook: "onLoad",
    timeoutMs: 100,
  });
  resolve();
  await settle();
  assert(late instanceof PluginError && late.code === "CONTEXT_DISPOSED");
  assertEquals(clock.pending, 0);
});

Deno.test("register() gives a hook 30 seconds unless told otherwise, and all time for 0", async () => {
  const { registry, clock } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  const onLoad = () => promise;
  const patient = registry.register(plugin("patient", { onLoad }), {
    timeoutMs: 0,
  });
  const load = failure(registry.register(plugin("usual", { onLoad })));
  await clock.advance(29_999);
  assertEquals(clock.pending, 1);
  await clock.advance(1);
  assertEquals((await load).code, "PLUGIN_LOAD_FAILED");
  await clock.advance(1e9);
  resolve();
  assertEquals((await patient).state, "active");
});

Deno.test("register() fails if onEvent cannot listen", async () => {
  const { registry, events } = fixture();
  const onEvent = () => {};
  for (const eventTypes of [["step", " "], ["Custom"]]) {
    const error = await failure(
      registry.register(plugin("a", { onEvent, eventTypes })),
    );
    assertEquals([error.code, error.details.phase], [
      "PLUGIN_LOAD_FAILED",
      "onEvent",
    ]);
  }
  const text: unknown = "step";
  const error = await failure(
    registry.register(plugin("a", { onEvent, eventTypes: text as string[] })),
  );
  assertEquals(error.details.phase, "onEvent");
  assertEquals(events.clearListeners("step"), 0);
});
