import { assertEquals, assertRejects } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "./bus.ts";
import type { EventInput, PluginEvent } from "./event.ts";
import { ManualClock, settle } from "./manual_clock_test.ts";

const STEP: EventInput = { kind: "Custom", eventType: "step", data: 1 };

/** A listener that notes its start and its end, which comes with `finish`. */
function slow(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = async () => {
    log.push(`+${name}`);
    await promise;
    log.push(`-${name}`);
  };
  return { listener, finish: resolve };
}

Deno.test("publishAsync() starts all listeners at once and waits for all", async () => {
  const bus = new PluginEventBus();
  const log: string[] = [];
  const [a, b] = [slow(log, "a"), slow(log, "b")];
  bus.subscribe("step", a.listener);
  bus.subscribe("step", b.listener);
  const published = bus.publishAsync(STEP).then(() => void log.push("done"));
  assertEquals(log, ["+a", "+b"]);
  b.finish();
  await settle();
  a.finish();
  await published;
  assertEquals(log, ["+a", "+b", "-b", "-a", "done"]);
});

Deno.test("publishAsync() in series waits for each before the next", async () => {
  const bus = new PluginEventBus();
  const log: string[] = [];
  const [a, b] = [slow(log, "a"), slow(log, "b")];
  bus.subscribe("step", a.listener);
  bus.subscribe("step", b.listener);
  const published = bus.publishAsync(STEP, { mode: "series" });
  b.finish();
  await settle();
  assertEquals(log, ["+a"]);
  a.finish();
  const { delivered } = await published;
  assertEquals([log, delivered], [["+a", "-a", "+b", "-b"], 2]);
});

Deno.test("publishAsync() reports failures in the order of delivery", async () => {
  const bus = new PluginEventBus();
  const errors: PluginEvent[] = [];
  bus.subscribe("*", () => Promise.reject(new Error("any")));
  bus.subscribe("step", async () => {
    await settle();
    throw new Error("slow");
  });
  bus.subscribe("step", () => {
    throw new Error("at once");
  });
  bus.subscribe("step", () => {});
  bus.subscribe("PluginError", (event) => void errors.push(event));
  const report = await bus.publishAsync(STEP);
  assertEquals(
    { ...report, failures: report.failures.map(({ message }) => message) },
    {
      eventType: "step",
      matched: 4,
      delivered: 1,
      pending: 0,
      failures: ["slow", "at once", "any"],
    },
  );
  assertEquals(errors.length, 3);
});

Deno.test.each([{ mode: "parallel" as const }, { mode: "series" as const }])(
  "publishAsync() in $mode gives up on a listener in time",
  async ({ mode }) => {
    const clock = new ManualClock();
    const bus = new PluginEventBus({ clock });
    const { promise, reject } = Promise.withResolvers<void>();
    bus.subscribe("step", () => promise, { owner: "acme.a" });
    bus.subscribe("step", () => {});
    const published = bus.publishAsync(STEP, { timeoutMs: 100, mode });
    await clock.advance(99);
    await clock.advance(1);
    const report = await published;
    assertEquals([report.delivered, report.failures], [1, [{
      subscriptionId: 1,
      owner: "acme.a",
      code: "LISTENER_TIMEOUT",
      message:
        'Cannot wait for a listener of event "step": it takes longer than 100 ms',
    }]]);
    reject(new Error("too late")); // an unhandled rejection would fail this test
    await settle();
    assertEquals(clock.pending, 0);
  },
);

Deno.test("publishAsync() rejects where publish() throws", async () => {
  const bus = new PluginEventBus();
  const forged: EventInput = { kind: "Custom", eventType: "*", data: 0 };
  const error = await assertRejects(
    () => bus.publishAsync(forged),
    PluginError,
  );
  assertEquals(error.code, "EVENT_TYPE_RESERVED");
  await assertRejects(
    () => bus.publishAsync(STEP, { timeoutMs: -1 }),
    OptionError,
    "publishAsync timeoutMs",
  );
});

Deno.test("publishAsync() of what nobody hears gives an empty report", async () => {
  const { matched } = await new PluginEventBus().publishAsync(STEP);
  assertEquals(matched, 0);
});
