import { assert, assertEquals } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { LogRecord } from "../plugin/context.ts";
import { PluginEventBus } from "./bus.ts";
import type { EventInput, PluginEvent } from "./event.ts";
import { settle } from "./manual_clock_test.ts";

const STEP: EventInput = { kind: "Custom", eventType: "step", data: 1 };
const EPOCH: EventInput = { kind: "EpochStart", epoch: 1 };

/** A bus, and the log it writes to. */
function logged(): { bus: PluginEventBus; log: LogRecord[] } {
  const log: LogRecord[] = [];
  return {
    bus: new PluginEventBus({ log: (record) => log.push(record) }),
    log,
  };
}

Deno.test("publish() goes on past a listener that throws, and publishes the failure", () => {
  const { bus, log } = logged();
  const calls: string[] = [];
  const errors: PluginEvent[] = [];
  bus.subscribe("PluginError", (event) => void errors.push(event));
  bus.subscribe("step", () => {
    throw new TypeError("no\u0007 GPU");
  }, { owner: "acme.a" });
  bus.subscribe("step", () => void calls.push("second"));
  bus.subscribe("*", (event) => void calls.push(event.kind));
  bus.publish(STEP);
  assertEquals(calls, ["PluginError", "second", "Custom"]);
  assertEquals(errors, [{
    kind: "PluginError",
    pluginId: "acme.a",
    phase: "listener",
    code: "LISTENER_FAILED",
    message: "no GPU",
  }]);
  assertEquals(log, []);
});

Deno.test("publish() logs a failure that nobody listens for", () => {
  const { bus, log } = logged();
  const text: unknown = "plain text";
  bus.subscribe("step", () => {
    throw text;
  });
  bus.publish(STEP);
  assertEquals(log, [{
    level: "error",
    source: "host",
    message: "A listener failed",
    fields: {
      type: "step",
      subscriptionId: 1,
      code: "LISTENER_FAILED",
      message: "plain text",
    },
  }]);
});

Deno.test("publish() only logs failures of those who listen for failures", () => {
  const { bus, log } = logged();
  let calls = 0;
  bus.subscribe("PluginError", () => {
    calls++;
    throw new Error("worse");
  });
  bus.subscribe("step", () => {
    throw new Error("bad");
  });
  bus.publish(STEP);
  assertEquals([calls, log.map(({ fields }) => fields.message)], [1, [
    "worse",
  ]]);
});

Deno.test("publish() takes care of what rejects after it has returned", async () => {
  const { bus } = logged();
  const errors: PluginEvent[] = [];
  bus.subscribe("PluginError", (event) => void errors.push(event));
  bus.subscribe("step", () => Promise.reject(new TypeError("later")));
  bus.publish(STEP);
  assertEquals(errors, []);
  await settle(); // an unhandled rejection would fail this test
  assertEquals(errors.map((event) => event.kind), ["PluginError"]);
});

Deno.test("publish() stops events that publish each other at a depth of 64", () => {
  const { bus, log } = logged();
  let calls = 0;
  let loops = 0;
  bus.subscribe("step", () => {
    calls++;
    try {
      bus.publish({ ...STEP });
    } catch (error) {
      loops++;
      assert(error instanceof PluginError && error.code === "EVENT_LOOP");
      throw error;
    }
  });
  bus.publish(STEP);
  // Only the innermost publisher is told: the others' publish has worked.
  assertEquals([calls, loops], [64, 1]);
  assertEquals(log.map(({ fields }) => fields.code), ["EVENT_LOOP"]);
  bus.publish({ ...EPOCH });
  assertEquals(bus.publishReport({ ...STEP }).delivered, 1);
});

Deno.test("publish() stops a loop in which every listener publishes again", () => {
  const { bus } = logged();
  let calls = 0;
  let innocent = 0;
  for (let n = 0; n < 3; n++) {
    bus.subscribe("step", (_event) => {
      calls++;
      bus.publish({ ...STEP });
    });
  }
  bus.subscribe("EpochStart", (_event) => void innocent++);
  bus.subscribe("step", (_event) => bus.publish({ ...EPOCH }));
  bus.publish(STEP);
  // Without the budget there would be 3 ** 64 calls.
  assert(calls < 1000, `${calls} calls`);
  assert(innocent > 0);
  innocent = 0;
  bus.publish({ ...EPOCH });
  assertEquals(innocent, 1);
  assertEquals(bus.publishReport({ ...STEP }).matched, 4);
});

Deno.test.each([{ age: "new", before: 0 }, { age: "worn in", before: 1001 }])(
  "publish() goes on past failures of $age listeners that take the event alone",
  async ({ before }) => {
    const { bus, log } = logged();
    let isWornIn = false;
    const calls: string[] = [];
    bus.subscribe("step", (_event) => {
      if (!isWornIn) return;
      calls.push("first");
      throw new Error("1");
    });
    bus.subscribe("step", (_event) => {
      if (!isWornIn) return;
      third.dispose();
      throw new Error("2");
    });
    const third = bus.subscribe("step", (_event) => void calls.push("third"));
    bus.subscribe(
      "step",
      (_event) => isWornIn ? Promise.reject(new Error("4")) : undefined,
    );
    bus.subscribe("step", (_event) => void calls.push("fifth"));
    for (let n = 0; n < before; n++) bus.publish(STEP);
    isWornIn = true;
    calls.length = 0;
    bus.publish(STEP);
    assertEquals(calls, ["first", "fifth"]);
    await settle();
    assertEquals(log.map(({ fields }) => fields.message), ["1", "2", "4"]);
  },
);

Deno.test("a failure that is nested too deep to be published is logged", () => {
  const { bus, log } = logged();
  let told = 0;
  bus.subscribe("PluginError", () => void told++);
  bus.subscribe("step", () => bus.publish({ ...STEP }));
  bus.publish(STEP);
  assertEquals([told, log.map(({ fields }) => fields.code)], [0, [
    "EVENT_LOOP",
  ]]);
});

Deno.test("publishReport() tells what became of each listener so far", async () => {
  const bus = new PluginEventBus();
  bus.subscribe("step", () => {
    throw new Error("bad");
  }, { owner: "acme.a" });
  bus.subscribe("step", () => Promise.reject(new Error("later")));
  bus.subscribe("*", () => {});
  assertEquals(bus.publishReport(STEP), {
    eventType: "step",
    matched: 3,
    delivered: 2,
    pending: 1,
    failures: [{
      subscriptionId: 1,
      owner: "acme.a",
      code: "LISTENER_FAILED",
      message: "bad",
    }],
  });
  await settle();
});

Deno.test("publishReport() of what nobody hears is empty", () => {
  assertEquals(new PluginEventBus().publishReport(STEP), {
    eventType: "step",
    matched: 0,
    delivered: 0,
    pending: 0,
    failures: [],
  });
});
