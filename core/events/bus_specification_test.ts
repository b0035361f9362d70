/** The sentences of the event bus's specification, one test each. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "./bus.ts";
import type { EventInput, Listener, PluginEvent } from "./event.ts";
import { ManualClock, settle } from "./manual_clock_test.ts";

const STEP: EventInput = { kind: "Custom", eventType: "step", data: 1 };

/** A bus, and the messages of the failures that it publishes. */
function noting(): { bus: PluginEventBus; failures: string[] } {
  const bus = new PluginEventBus({ clock: new ManualClock() });
  const failures: string[] = [];
  bus.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") failures.push(event.message);
  });
  return { bus, failures };
}

function code(run: () => void): string {
  return assertThrows(run, PluginError).code;
}

Deno.test("event bus: order of specific and *", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  bus.subscribe("*", () => void calls.push("* 1"));
  bus.subscribe("step", () => void calls.push("step 1"));
  bus.subscribe("*", () => void calls.push("* 2"));
  bus.subscribe("step", () => void calls.push("step 2"));
  bus.publish(STEP);
  assertEquals(calls, ["step 1", "step 2", "* 1", "* 2"]);
});

Deno.test("event bus: add, remove, once, re-subscribe during a publish", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  bus.subscribe("step", () => {
    calls.push("once");
    bus.subscribe("step", () => void calls.push("added"));
    removed.dispose();
    moved.dispose();
    moved = bus.subscribe("step", again);
  }, { once: true });
  const removed = bus.subscribe("step", () => void calls.push("removed"));
  const again: Listener = () => void calls.push("again");
  let moved = bus.subscribe("step", again);
  bus.publish(STEP);
  assertEquals(calls, ["once"]);
  bus.publish(STEP);
  assertEquals(calls, ["once", "added", "again"]);
});

Deno.test("event bus: throw in the first of three", () => {
  const { bus, failures } = noting();
  const calls: number[] = [];
  bus.subscribe("step", () => {
    throw new Error("first");
  });
  bus.subscribe("step", () => void calls.push(2));
  bus.subscribe("step", () => void calls.push(3));
  bus.publish(STEP);
  assertEquals([calls, failures], [[2, 3], ["first"]]);
});

Deno.test.each<{
  form: string;
  publish: (bus: PluginEventBus) => unknown;
}>([
  { form: "publish", publish: (bus) => bus.publish(STEP) },
  { form: "publishFrom", publish: (bus) => bus.publishFrom("acme.a", STEP) },
  { form: "publishReport", publish: (bus) => bus.publishReport(STEP) },
  { form: "publishAsync", publish: (bus) => bus.publishAsync(STEP) },
  {
    form: "publishAsync in series",
    publish: (bus) => bus.publishAsync(STEP, { mode: "series" }),
  },
  {
    form: "publishLazy",
    publish: (bus) => bus.publishLazy("step", () => STEP),
  },
])(
  "event bus: async rejection under each publish form: $form",
  async ({ publish }) => {
    const { bus, failures } = noting();
    bus.subscribe("step", () => Promise.reject(new Error("later")));
    bus.subscribe("step", (_event) => Promise.reject(new Error("plain")));
    await publish(bus);
    await settle(); // an unhandled rejection would fail this test
    assertEquals(failures, ["later", "plain"]);
  },
);

Deno.test("event bus: parallel and series", async () => {
  for (const mode of ["parallel", "series"] as const) {
    const bus = new PluginEventBus();
    const log: string[] = [];
    for (const name of ["a", "b"]) {
      bus.subscribe("step", async () => {
        log.push(`+${name}`);
        await settle();
        log.push(`-${name}`);
      });
    }
    const report = await bus.publishAsync(STEP, { mode });
    assertEquals([report.delivered, report.pending], [2, 0]);
    const together = ["+a", "+b", "-a", "-b"];
    const inTurn = ["+a", "-a", "+b", "-b"];
    assertEquals(log, mode === "series" ? inTurn : together);
  }
});

Deno.test("event bus: timeout", async () => {
  const clock = new ManualClock();
  const bus = new PluginEventBus({ clock });
  const { promise, reject } = Promise.withResolvers<void>();
  bus.subscribe("step", () => promise);
  const published = bus.publishAsync(STEP, { timeoutMs: 10 });
  await clock.advance(10);
  const { failures } = await published;
  assertEquals(failures.map(({ code }) => code), ["LISTENER_TIMEOUT"]);
  reject(new Error("too late to matter"));
  await settle();
});

Deno.test("event bus: loop at 64", () => {
  const { bus, failures } = noting();
  let calls = 0;
  bus.subscribe("A", () => {
    calls++;
    bus.publish({ ...STEP, eventType: "B" });
  });
  bus.subscribe("B", () => {
    calls++;
    bus.publish({ ...STEP, eventType: "A" });
  });
  bus.publish({ ...STEP, eventType: "A" });
  // The failure itself is too deep to be published, and logged.
  assertEquals([calls, failures], [64, []]);
});

Deno.test("event bus: reserved names", () => {
  const bus = new PluginEventBus();
  for (const eventType of ["", " ", "*", "acme.*", "TensorOp", "Custom"]) {
    const event: EventInput = { kind: "Custom", eventType, data: 0 };
    assertEquals(code(() => bus.publish(event)), "EVENT_TYPE_RESERVED");
  }
});

Deno.test("event bus: clear then dispose", () => {
  const bus = new PluginEventBus();
  const first = bus.subscribe("step", () => {});
  assertEquals(bus.clearListeners(), 1);
  let calls = 0;
  bus.subscribe("step", () => void calls++);
  first.dispose();
  bus.publish(STEP);
  assertEquals(calls, 1);
});

Deno.test("event bus: thunk count 0 without listeners", () => {
  const bus = new PluginEventBus();
  let thunks = 0;
  bus.subscribe("other", () => {});
  bus.publishLazy("step", () => {
    thunks++;
    return STEP;
  });
  assertEquals(thunks, 0);
});

Deno.test("event bus: 10 000 publishes keep seq increasing", () => {
  const bus = new PluginEventBus();
  const seqs: number[] = [];
  bus.subscribe("step", (_event, { seq }) => void seqs.push(seq));
  bus.subscribe("plain", (_event) => {});
  for (let n = 0; n < 5000; n++) {
    bus.publish({ ...STEP });
    bus.publish({ ...STEP, eventType: "plain" });
  }
  assertEquals(seqs.every((seq, i) => i === 0 || seq > seqs[i - 1]!), true);
  assertEquals(seqs.at(-1), 9999); // every event that is heard has a number
});

Deno.test("event bus: two buses do not interact", async () => {
  const [a, b] = [new PluginEventBus(), new PluginEventBus()];
  const heard: PluginEvent[] = [];
  const subscription = a.subscribe("*", (event) => void heard.push(event));
  b.publish(STEP);
  await b.publishAsync(STEP);
  assertEquals([heard, b.unsubscribe(subscription.id)], [[], false]);
  await assertRejects(
    () => b.publishAsync({ kind: "Custom", eventType: "*", data: 0 }),
    PluginError,
  );
});
