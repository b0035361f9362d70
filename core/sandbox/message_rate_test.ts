import { assertEquals } from "@std/assert";
import { MessageRate } from "./message_rate.ts";

/** A rate on a clock that a test turns. */
function createRate() {
  let nowMs = 0;
  const clock = {
    nowMs: () => nowMs,
    after: () => ({ [Symbol.dispose]() {} }),
  };
  const rate = new MessageRate({ perSecond: 100, burst: 20, clock });
  /** How many messages are let through out of many. */
  const count = () => {
    let taken = 0;
    for (let tries = 0; tries < 50; tries++) if (rate.take()) taken++;
    return taken;
  };
  return { count, pass: (ms: number) => void (nowMs += ms) };
}

Deno.test("MessageRate.take() lets a burst through, and then what time brings", () => {
  const { count, pass } = createRate();
  assertEquals(count(), 20);
  assertEquals(count(), 0);
  pass(100);
  assertEquals(count(), 10);
  pass(55);
  assertEquals(count(), 5);
  // Half a message is kept for later.
  pass(5);
  assertEquals(count(), 1);
});

Deno.test("MessageRate.take() saves no more than a burst", () => {
  const { count, pass } = createRate();
  count();
  pass(60_000);
  assertEquals(count(), 20);
});
