import { assertEquals } from "@std/assert";
import type { Clock } from "../base/mod.ts";
import { startDeadline } from "./deadline.ts";

/** A clock that stands still until it is told to go on. */
class ManualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Map<object, { dueMs: number; callback: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = {
      [Symbol.dispose]: () => void this.#timers.delete(timer),
    };
    this.#timers.set(timer, { dueMs: this.#nowMs + delayMs, callback });
    return timer;
  }

  /** Lets time pass in one leap, as for a host that is busy; then runs what is due by then. */
  leap(ms: number): void {
    this.#nowMs += ms;
    for (const [timer, { dueMs, callback }] of [...this.#timers]) {
      if (dueMs > this.#nowMs || !this.#timers.delete(timer)) continue;
      callback();
    }
  }
}

Deno.test("startDeadline() calls back when time is up, once", () => {
  const clock = new ManualClock();
  let calls = 0;
  using _deadline = startDeadline(clock, 1000, () => calls++);
  clock.leap(999);
  assertEquals(calls, 0);
  clock.leap(1);
  assertEquals(calls, 1);
  clock.leap(5000);
  assertEquals(calls, 1);
});

Deno.test("startDeadline() gives grace after the host itself was busy", () => {
  const clock = new ManualClock();
  let calls = 0;
  using _deadline = startDeadline(clock, 1000, () => calls++);
  clock.leap(9000);
  assertEquals(calls, 0);
  clock.leap(250);
  assertEquals(calls, 1);
});

Deno.test("startDeadline() is silent once it is disposed, in its grace too", () => {
  const clock = new ManualClock();
  let calls = 0;
  const early = startDeadline(clock, 1000, () => calls++);
  early[Symbol.dispose]();
  const late = startDeadline(clock, 1000, () => calls++);
  clock.leap(9000);
  late[Symbol.dispose]();
  clock.leap(9000);
  assertEquals(calls, 0);
});
