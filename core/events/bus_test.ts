import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
  fail,
} from "@std/assert";
import { type Clock, OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "./bus.ts";
import type { EventInfo, EventInput, PluginEvent } from "./event.ts";
import { ManualClock } from "./manual_clock_test.ts";

const STEP: EventInput = { kind: "Custom", eventType: "step", data: 1 };
const EPOCH: EventInput = { kind: "EpochStart", epoch: 1 };

function code(run: () => void): string {
  return assertThrows(run, PluginError).code;
}

Deno.test("publish() calls a type's listeners in order, then those of *", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  for (
    const [name, type] of [["a", "*"], ["b", "step"], ["c", "other"], [
      "d",
      "step",
    ], ["e", "*"]]
  ) {
    bus.subscribe(type!, () => void calls.push(name!));
  }
  bus.publish(STEP);
  assertEquals(calls, ["b", "d", "a", "e"]);
});

Deno.test("subscribe() numbers subscriptions from 1, the same function twice too", () => {
  const bus = new PluginEventBus();
  let calls = 0;
  const listener = () => void calls++;
  const first = bus.subscribe("step", listener);
  const second = bus.subscribe("step", listener);
  assertEquals([first.id, first.type, second.id], [1, "step", 2]);
  bus.publish(STEP);
  assertEquals(calls, 2);
});

Deno.test("subscribe() hears by the custom event's own type, not by Custom", () => {
  const bus = new PluginEventBus();
  for (const type of ["", " ", "Custom"]) {
    assertEquals(
      code(() => bus.subscribe(type, () => {})),
      "EVENT_TYPE_INVALID",
    );
  }
});

Deno.test("subscribe() refuses what cannot be called", () => {
  const bus = new PluginEventBus();
  const text: unknown = "log";
  assertThrows(
    () => bus.subscribe("step", text as () => void),
    OptionError,
    "a function",
  );
});

Deno.test("a subscription ends once, by any of its doors", () => {
  const bus = new PluginEventBus();
  const calls: number[] = [];
  const [a, b, c] = [0, 1, 2].map((n) =>
    bus.subscribe("step", () => void calls.push(n))
  );
  a!.dispose();
  a!.dispose();
  assertEquals([bus.unsubscribe(b!.id), bus.unsubscribe(b!.id)], [true, false]);
  {
    using _owned = c!;
  }
  bus.publish(STEP);
  assertEquals(calls, []);
  assertEquals(bus.hasListeners("step"), false);
});

Deno.test("a listener added during a publish does not hear that event", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  bus.subscribe("step", () => {
    calls.push("outer");
    bus.subscribe("step", () => void calls.push("inner"));
    bus.subscribe("*", () => void calls.push("any"));
  }, { once: true });
  bus.publish(STEP);
  assertEquals(calls, ["outer"]);
  bus.publish(STEP);
  assertEquals(calls, ["outer", "inner", "any"]);
});

Deno.test("a listener disposed during a publish is not called any more", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  bus.subscribe("step", () => {
    calls.push("first");
    second.dispose();
    bus.clearListeners("*");
  });
  const second = bus.subscribe("step", () => void calls.push("second"));
  bus.subscribe("*", () => void calls.push("any"));
  const report = bus.publishReport(STEP);
  assertEquals(calls, ["first"]);
  assertEquals([report.matched, report.delivered], [3, 1]);
});

Deno.test("a once listener is gone before its call", () => {
  const bus = new PluginEventBus();
  let calls = 0;
  bus.subscribe("step", () => {
    calls++;
    bus.publish(STEP);
  }, { once: true });
  bus.publish(STEP);
  assertEquals(calls, 1);
});

Deno.test("an aborted signal ends a subscription, or keeps it from starting", () => {
  const bus = new PluginEventBus();
  const { signal, ...controller } = withAbort();
  bus.subscribe("step", () => {}, { signal });
  assert(bus.hasListeners("step"));
  controller.abort();
  assertEquals(bus.hasListeners("step"), false);
  bus.subscribe("step", () => {}, { signal });
  assertEquals(bus.hasListeners("step"), false);
});

function withAbort(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

Deno.test("a subscription that has ended leaves its signal alone", () => {
  const bus = new PluginEventBus();
  const { signal } = new AbortController();
  let listening = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: EventListener) => {
    listening++;
    add(type, listener);
  };
  signal.removeEventListener = (type: string, listener: EventListener) => {
    listening--;
    remove(type, listener);
  };
  bus.subscribe("step", () => {}, { signal, once: true });
  assertEquals(listening, 1);
  bus.publish(STEP);
  assertEquals(listening, 0);
});

Deno.test("clearListeners() counts, and makes subscriptions inert", () => {
  const bus = new PluginEventBus();
  const step = bus.subscribe("step", () => {});
  bus.subscribe("EpochStart", () => {});
  bus.subscribe("*", () => {});
  assertEquals(bus.clearListeners("step"), 1);
  step.dispose();
  assertEquals(bus.clearListeners(), 2);
  assertEquals(bus.clearListeners("step"), 0);
  assertEquals(bus.hasListeners("EpochStart"), false);
});

Deno.test("hasListeners() counts the type's listeners and those of *", () => {
  const bus = new PluginEventBus();
  assertEquals(bus.hasListeners("step"), false);
  using _step = bus.subscribe("step", () => {});
  assertEquals([bus.hasListeners("step"), bus.hasListeners("other")], [
    true,
    false,
  ]);
  using _any = bus.subscribe("*", () => {});
  assertEquals(bus.hasListeners("other"), true);
});

Deno.test("publish() tells type, source, number and time of each event", () => {
  const clock = new ManualClock();
  const bus = new PluginEventBus({ clock });
  const infos: EventInfo[] = [];
  bus.subscribe("*", (_event, info) => void infos.push(info));
  clock.setMs(5);
  bus.publish(STEP);
  clock.setMs(3); // a clock that goes back
  bus.publishFrom("acme.a", EPOCH);
  assertEquals(infos, [
    { type: "step", seq: 1, source: "host", timestampMs: 5 },
    { type: "EpochStart", seq: 2, source: "acme.a", timestampMs: 5 },
  ]);
});

Deno.test("publish() keeps numbers and times increasing over 10 000 events", () => {
  const bus = new PluginEventBus();
  const last = { seq: 0, timestampMs: 0 };
  bus.subscribe("step", (_event, { seq, timestampMs }) => {
    assert(seq > last.seq && timestampMs >= last.timestampMs);
    Object.assign(last, { seq, timestampMs });
  });
  for (let n = 0; n < 10_000; n++) bus.publish({ ...STEP });
  assertEquals(last.seq, 10_000);
});

Deno.test.each([{ form: "alone", count: 1 }, { form: "and all", count: 2 }])(
  "publish() freezes what a plugin hears, for the plugin $form, not what it holds",
  ({ count }) => {
    const bus = new PluginEventBus();
    const heard: PluginEvent[] = [];
    const hear = (event: PluginEvent) => void heard.push(event);
    // The host's own listener is called first, and gets the same.
    if (count === 2) bus.subscribe("step", hear);
    bus.subscribe("step", hear, { owner: "acme.a" });
    const event = { ...STEP, data: { n: 1 } };
    for (let n = 0; n < 100; n++) bus.publish(event);
    assertEquals(heard.length, 100 * count);
    assertStrictEquals(heard[0], event);
    assertEquals([Object.isFrozen(event), Object.isFrozen(event.data)], [
      true,
      false,
    ]);
    bus.publishReport({ ...event });
    assert(Object.isFrozen(heard.at(-1)));
  },
);

Deno.test("publish() does not freeze what only the host hears", () => {
  const bus = new PluginEventBus();
  bus.subscribe("step", () => {});
  const events = [{ ...STEP }, { ...STEP }];
  bus.publish(events[0]!);
  bus.publishReport(events[1]!);
  assertEquals(events.map((event) => Object.isFrozen(event)), [false, false]);
});

Deno.test.each([
  { eventType: "" },
  { eventType: " " },
  { eventType: "*" },
  { eventType: "Custom" },
  { eventType: "TensorOp" },
  { eventType: "PluginLoaded" },
  { eventType: "acme.*" },
])(
  'publish() refuses the custom type "$eventType", heard or not',
  ({ eventType }) => {
    const bus = new PluginEventBus();
    const event: EventInput = { kind: "Custom", eventType, data: 0 };
    assertEquals(code(() => bus.publish(event)), "EVENT_TYPE_RESERVED");
    bus.subscribe("*", () => {});
    assertEquals(code(() => bus.publish(event)), "EVENT_TYPE_RESERVED");
  },
);

Deno.test("publish() refuses events of no known kind", () => {
  const bus = new PluginEventBus();
  bus.subscribe("Unknown", () => {});
  const events: unknown[] = [{ kind: "Unknown" }, { kind: "*" }, {}];
  for (const event of events) {
    const failure = code(() => bus.publish(event as EventInput));
    assertEquals(failure, "EVENT_TYPE_INVALID");
  }
});

Deno.test("publish() leaves alone what nobody hears", () => {
  const clock: Clock = {
    nowMs: () => fail("the clock was read"),
    after: () => fail("a timer was set"),
  };
  const bus = new PluginEventBus({ clock });
  bus.subscribe("other", () => {});
  const event = { ...EPOCH };
  bus.publish(event);
  assertEquals(Object.isFrozen(event), false);
});

Deno.test("publishLazy() makes the event only if somebody listens", () => {
  const bus = new PluginEventBus();
  let made = 0;
  const make = () => ({ ...STEP, data: ++made });
  assertEquals([bus.publishLazy("step", make), made], [false, 0]);
  const heard: unknown[] = [];
  bus.subscribe("*", (event) => void heard.push(event));
  assertEquals([bus.publishLazy("step", make), made], [true, 1]);
  assertEquals(heard, [{ kind: "Custom", eventType: "step", data: 1 }]);
});

Deno.test("publishTo() tells one listener alone, while it listens", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  const late = bus.subscribe("*", () => void calls.push("late"));
  bus.subscribe("*", () => void calls.push("other"));
  bus.publishTo(new Set([late.id]), { kind: "SystemInit" });
  late.dispose();
  bus.publishTo(new Set([late.id]), { kind: "SystemInit" });
  assertEquals(calls, ["late"]);
});

Deno.test("two buses do not hear each other", () => {
  const [a, b] = [new PluginEventBus(), new PluginEventBus()];
  let calls = 0;
  const subscription = a.subscribe("step", () => void calls++);
  b.publish(STEP);
  assertEquals([calls, b.unsubscribe(subscription.id)], [0, false]);
});

Deno.test("subscribe() hears the types of a namespace, however deep", () => {
  const bus = new PluginEventBus();
  const heard: string[] = [];
  const note = (_event: PluginEvent, { type }: EventInfo) =>
    void heard.push(type);
  const subscription = bus.subscribe("acme.*", note);
  const types = ["acme.step", "acme.train.step", "acme", "other.step"];
  const publish = () => {
    for (const eventType of types) bus.publish({ ...STEP, eventType });
  };
  publish();
  assertEquals(heard, ["acme.step", "acme.train.step"]);
  assertEquals(
    [bus.hasListeners("acme.x"), bus.hasListeners("acme")],
    [true, false],
  );
  subscription.dispose();
  publish();
  assertEquals([heard.length, bus.hasListeners("acme.x")], [2, false]);
});

Deno.test("subscribe() calls the higher priority first, whatever it listens to", () => {
  const bus = new PluginEventBus();
  const calls: string[] = [];
  bus.subscribe("acme.step", () => void calls.push("late"), { priority: -1 });
  bus.subscribe("acme.step", () => void calls.push("plain"));
  bus.subscribe("acme.*", () => void calls.push("namespace"));
  bus.subscribe("*", () => void calls.push("early"), { priority: 2 });
  bus.publish({ ...STEP, eventType: "acme.step" });
  assertEquals(calls, ["early", "plain", "namespace", "late"]);
  assertThrows(
    () => bus.subscribe("step", () => {}, { priority: NaN }),
    OptionError,
    "a finite number",
  );
});

Deno.test("publish() hands a listener of one parameter the event alone, and reads no clock", () => {
  const clock: Clock = {
    nowMs: () => fail("the clock was read"),
    after: () => fail("a timer was set"),
  };
  const bus = new PluginEventBus({ clock });
  const heard: PluginEvent[] = [];
  bus.subscribe("step", (event) => void heard.push(event));
  const event = { ...STEP };
  bus.publish(event);
  assertStrictEquals(heard[0], event);
});

Deno.test("publish() of a kept event hears of every change of listeners", () => {
  const bus = new PluginEventBus();
  const kept: EventInput = Object.freeze({ ...STEP });
  let calls = 0;
  const count = (_event: PluginEvent) => void calls++;
  const first = bus.subscribe("step", count);
  for (let n = 0; n < 100; n++) bus.publish(kept); // known by heart by now
  const second = bus.subscribe("*", count);
  bus.publish(kept);
  assertEquals(calls, 102);
  first.dispose();
  second.dispose();
  bus.publish(kept);
  assertEquals(calls, 102);
});
