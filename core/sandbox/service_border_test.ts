import { assertEquals } from "@std/assert";
import { SYSTEM_CLOCK } from "../base/mod.ts";
import type { PluginContext } from "../plugin/context.ts";
import type { HostMessage } from "./messages.ts";
import { ServiceBorder } from "./service_border.ts";
import { createToyHost } from "./toy_host_test.ts";

/** A border to a guest that says whatever a test lets it say. */
async function bordered() {
  const host = createToyHost();
  const opened = Promise.withResolvers<PluginContext>();
  await host.registry.register({
    metadata: { id: "acme.math", version: "1.0.0" },
    onLoad({ services }) {
      services.provide("math", {
        add: (a: number, b: number) => a + b,
        _secret: () => 1,
      });
    },
  });
  await host.registry.register({
    metadata: { id: "acme.asker", version: "1.0.0" },
    onLoad: opened.resolve,
  });
  const sent: HostMessage[] = [];
  const border = new ServiceBorder({
    context: await opened.promise,
    plugin: 0,
    remote: { call: () => Promise.reject(new Error("nobody calls")) },
    send: (message) => sent.push(message),
    session: { sendState: (_, read) => void sent.push(read()!) },
    limits: { callMs: 1000, callsMax: 64 },
    clock: SYSTEM_CLOCK,
    isGone: () => false,
  });
  return { host, border, sent };
}

Deno.test.each([
  { method: "_secret" },
  { method: "constructor" },
  { method: "__proto__" },
  { method: "then" },
  { method: "none" },
  { method: null },
])(
  "ServiceBorder.call() has no method $method for a guest that names it",
  async ({ method }) => {
    const { host, border, sent } = await bordered();
    await using _host = host;
    border.use({
      kind: "useService",
      plugin: 0,
      slot: 1,
      name: "math",
      version: null,
      use: "get",
    });
    const call = { kind: "callService", plugin: 0, slot: 1 } as const;
    await border.call({ ...call, id: 1, method: "add", args: [1, 2] });
    await border.call({ ...call, id: 2, method, args: [] });
    const [good, bad] = sent;
    assertEquals(good, { kind: "answered", plugin: 0, id: 1, value: 3 });
    assertEquals(
      bad?.kind === "refused" && bad.error.code,
      "SERVICE_METHOD_UNKNOWN",
    );
  },
);

Deno.test("ServiceBorder.shareList() tells of what is there and of each change, with what can be called", async () => {
  const { host, border, sent } = await bordered();
  await using _host = host;
  const watch = border.shareList();
  const math = ["acme.math/math", "1.0.0", ["add"]] as const;
  assertEquals(sent, [{ kind: "services", plugin: 0, offers: [math] }]);
  await host.registry.unregister("acme.math");
  assertEquals(sent.at(-1), { kind: "services", plugin: 0, offers: [] });
  watch.dispose();
  await host.registry.register({
    metadata: { id: "acme.clock", version: "1.0.0" },
    onLoad: ({ services }) => void services.provide("now", () => 7),
  });
  assertEquals(sent.length, 2);
});
