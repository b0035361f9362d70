import { assert, assertEquals } from "@std/assert";
import { isCoded } from "../base/mod.ts";
import { keepOrigin } from "./async_chain.ts";
import { PluginEventBus } from "./bus.ts";
import type { EventInput } from "./event.ts";
import { ManualClock, settle } from "./manual_clock_test.ts";

function custom(eventType: string): EventInput {
  return { kind: "Custom", eventType, data: null };
}

/** A bus whose time stands still unless it is told to go on; codes of failures that it publishes. */
function quiet(): {
  bus: PluginEventBus;
  clock: ManualClock;
  failures: string[];
} {
  const clock = new ManualClock();
  const bus = new PluginEventBus({ clock });
  const failures: string[] = [];
  bus.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") failures.push(event.code);
  });
  return { bus, clock, failures };
}

/** Waits until nothing is under way, with a bound on what it waits for. */
async function settleAll(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await settle();
}

Deno.test.each([{ from: "A", to: "B" }, { from: "A", to: "A" }])(
  "event bus: an asynchronous loop $from -> $to -> $from is stopped",
  async ({ from, to }) => {
    const { bus, failures } = quiet();
    let calls = 0;
    const relay = (type: string) => async () => {
      calls++;
      await Promise.resolve();
      bus.publish(custom(type));
    };
    bus.subscribe(from, relay(to));
    if (from !== to) bus.subscribe(to, relay(from));
    bus.publish(custom(from));
    await settleAll();
    assertEquals(failures, ["EVENT_LOOP"]);
    assert(calls > 64 && calls < 400, `${calls} calls`);
    const before = calls;
    bus.publish(custom(from)); // the bus and the listeners go on
    await settleAll();
    assert(calls > before);
  },
);

Deno.test("event bus: an asynchronous loop through another listener's turn is stopped", async () => {
  const { bus, failures } = quiet();
  let calls = 0;
  // Called with what happens to it, and waits for somebody else's promise.
  bus.subscribe("A", async (_event, _info) => {
    calls++;
    await bus.publishAsync(custom("B"));
  });
  bus.subscribe("B", async () => {
    await settle();
    bus.publish(custom("A"));
  });
  bus.publish(custom("A"));
  for (let turn = 0; turn < 20; turn++) await settleAll();
  assertEquals(failures, ["EVENT_LOOP"]);
  assert(calls < 200, `${calls} calls`);
});

Deno.test("event bus: asynchronous listeners that multiply are stopped", async () => {
  const { bus, failures } = quiet();
  let calls = 0;
  for (let n = 0; n < 3; n++) {
    bus.subscribe("A", async () => {
      calls++;
      await Promise.resolve();
      bus.publish(custom("A"));
    });
  }
  bus.publish(custom("A"));
  await settleAll();
  assert(failures.length > 0);
  assertEquals(failures.filter((code) => code !== "EVENT_LOOP"), []);
  // Without the budget there would be 3 ** 256 calls.
  assert(calls < 100_000, `${calls} calls`);
});

Deno.test("event bus: an event that renews itself at a steady pace goes on", async () => {
  const { bus, clock, failures } = quiet();
  let calls = 0;
  bus.subscribe("tick", async () => {
    calls++;
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.after(10, resolve);
    await promise;
    bus.publish(custom("tick"));
  });
  bus.publish(custom("tick"));
  for (let n = 0; n < 600; n++) await clock.advance(10);
  assertEquals([calls, failures], [601, []]);
});

Deno.test("event bus: one listener may publish any number of events that others wait with", async () => {
  const { bus, failures } = quiet();
  let calls = 0;
  bus.subscribe("job", async () => {
    await Promise.resolve();
    for (let n = 0; n < 5000; n++) bus.publish(custom("item"));
  });
  bus.subscribe("item", async () => {
    await Promise.resolve();
    calls++;
  });
  bus.publish(custom("job"));
  bus.publish(custom("job"));
  await settleAll();
  assertEquals([calls, failures], [10_000, []]);
});

Deno.test("keepOrigin() lets what is done later follow from here", async () => {
  const { bus } = quiet();
  const origins: (<T>(work: () => T) => T)[] = [];
  const codes: unknown[] = [];
  bus.subscribe("A", async () => {
    await Promise.resolve();
    origins.push(keepOrigin());
  });
  // The first call shows that the listener returns promises; from then on it is followed.
  bus.publish(custom("A"));
  await settle();
  // Each event goes back to the one before, although nothing that runs here does.
  for (let n = 0; n < 300; n++) {
    try {
      origins.at(-1)!(() => bus.publish(custom("A")));
    } catch (error) {
      codes.push(isCoded(error) && error.code);
      break;
    }
    await settle();
  }
  assertEquals(codes, ["EVENT_LOOP"]);
});
