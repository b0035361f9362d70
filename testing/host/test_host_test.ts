import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../core/mod.ts";
import { definePlugin } from "../../runtime/mod.ts";
import { createTestHost } from "./test_host.ts";

const METADATA = { id: "acme.one", version: "1.0.0" };

Deno.test("createTestHost() tells what a plugin brought, until it is gone", async () => {
  await using host = await createTestHost();
  const { operators, plugins } = host.ecosystem;
  const handle = await host.load(definePlugin({
    metadata: METADATA,
    onLoad: (context) =>
      void context.operators.register({
        name: "acme.one:double",
        inputs: ["x"],
        forward: ([x]) => x!.mul(2),
      }),
  }));
  assertEquals(handle.contributions(), ["operator acme.one:double"]);
  assertEquals(operators.has("acme.one:double"), true);
  await plugins.unregister("acme.one");
  assertEquals(operators.has("acme.one:double"), false);
  assertEquals(host.failures, []);
});

Deno.test("TestHost.publish() waits for what listeners do", async () => {
  await using host = await createTestHost();
  await host.load({
    metadata: METADATA,
    eventTypes: ["acme:ask"],
    async onEvent(_, context) {
      await Promise.resolve();
      context.publish({ kind: "Custom", eventType: "acme:answer", data: 7 });
    },
  });
  await host.publish({ kind: "Custom", eventType: "acme:ask", data: null });
  const [answer] = host.heard.filter(({ info }) => info.type === "acme:answer");
  assertEquals(answer?.info.source, "acme.one");
});

Deno.test("TestHost.failures tells of listeners that fail, and of ends that are not clean", async () => {
  await using host = await createTestHost();
  await host.load({
    metadata: METADATA,
    eventTypes: ["acme:ask"],
    onEvent: () => Promise.reject(new Error("no answer")),
    onUnload: () => Promise.reject(new Error("no end")),
  });
  await host.publish({ kind: "Custom", eventType: "acme:ask", data: null });
  await host.ecosystem.plugins.unregister("acme.one").catch(() => {});
  const texts = host.failures.join("\n");
  assertEquals([/no answer/.test(texts), /end: .*no end/.test(texts)], [
    true,
    true,
  ]);
});

Deno.test("TestHost.service() is what another plugin would get", async () => {
  await using host = await createTestHost();
  await host.load({
    metadata: METADATA,
    onLoad: ({ services }) => void services.provide("clock", { now: () => 12 }),
  });
  const clock = await host.service<{ now(): number }>("acme.one/clock");
  assertEquals(clock.now(), 12);
  const error = await assertRejects(
    () => host.service("acme.one/calendar"),
    PluginError,
  );
  assertEquals(error.code, "PLUGIN_LOAD_FAILED");
});

Deno.test("TestHost keeps the log, and the host's own lines", async () => {
  await using host = await createTestHost();
  await host.load({
    metadata: METADATA,
    onLoad: ({ log }) => log.warn("careful", { speed: 3 }),
  });
  assertEquals(host.logs, [
    {
      level: "warn",
      source: "acme.one",
      message: "careful",
      fields: { speed: 3 },
    },
  ]);
});
