import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Clock } from "../../../core/base/mod.ts";
import { DashboardFeed } from "../feed/dashboard_feed.ts";
import { Viewer } from "./viewer.ts";

/** A clock that stands until it is told to go on. */
class StandingClock implements Clock {
  readonly timers: {
    readonly delayMs: number;
    readonly callback: () => void;
  }[] = [];

  nowMs(): number {
    return 0;
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = { delayMs, callback };
    this.timers.push(timer);
    return {
      [Symbol.dispose]: () => {
        const index = this.timers.indexOf(timer);
        if (index >= 0) this.timers.splice(index, 1);
      },
    };
  }

  /** Lets the first timer be due, once there is one. */
  async goOn(): Promise<number> {
    while (this.timers.length === 0) await Promise.resolve();
    const { delayMs, callback } = this.timers[0]!;
    callback();
    return delayMs;
  }
}

function parts() {
  const feed = new DashboardFeed("run");
  const clock = new StandingClock();
  return { feed, clock, viewer: new Viewer(feed, clock) };
}

function start(feed: DashboardFeed, epoch: number): void {
  const event = { kind: "EpochStart" as const, epoch };
  feed.take({ event, source: "host", elapsedMs: epoch });
}

Deno.test("Viewer.next() gives everything at once, then what is new", async () => {
  const { feed, clock, viewer } = parts();
  start(feed, 1);
  assertStringIncludes((await viewer.next())!, '"title":"run"');
  const next = viewer.next();
  assertEquals(await clock.goOn(), 100);
  // Nothing is new: it waits for that.
  while (clock.timers.length === 0) await Promise.resolve();
  start(feed, 2);
  const frame = (await next)!;
  assertStringIncludes(frame, '"epoch":2');
  assertEquals(frame.includes('"title"'), false);
  assert(frame.startsWith("data: ") && frame.endsWith("\n\n"));
});

Deno.test("Viewer.next() says so when nothing has happened for long", async () => {
  const { feed, clock, viewer } = parts();
  start(feed, 1);
  await viewer.next();
  const next = viewer.next();
  assertEquals(await clock.goOn(), 100);
  assertEquals(await clock.goOn(), 15_000);
  assertEquals(await next, ": nothing new\n\n");
});

Deno.test("Viewer ends while it waits, and leaves no timer", async () => {
  const { feed, clock, viewer } = parts();
  start(feed, 1);
  await viewer.next();
  const next = viewer.next();
  await clock.goOn();
  viewer[Symbol.dispose]();
  assertEquals(await next, undefined);
  assertEquals(await viewer.next(), undefined);
  assertEquals(clock.timers, []);
});

Deno.test("Viewer.stream queues nothing for who does not read", async () => {
  const { feed, clock, viewer } = parts();
  const reader = viewer.stream.getReader();
  for (let epoch = 1; epoch <= 10_000; epoch++) start(feed, epoch);
  const { value } = await reader.read();
  const first = new TextDecoder().decode(value);
  assertStringIncludes(first, '"epoch":10000');
  for (let epoch = 1; epoch <= 10_000; epoch++) start(feed, epoch);
  // Nobody asked for more: nothing has been made, and nothing waits.
  assertEquals(clock.timers, []);
  const second = reader.read();
  await clock.goOn();
  const rows = JSON.parse(
    new TextDecoder().decode((await second).value).slice("data: ".length),
  ).rows;
  assertEquals(rows.length, 256);
  await reader.cancel();
  assertEquals(await viewer.next(), undefined);
});
