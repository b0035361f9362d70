import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { ManualClock, settle } from "./manual_clock_test.ts";
import { assertTimeoutMs, withDeadline } from "./with_deadline.ts";

class Late extends Error {}

function deadline(clock: ManualClock, timeoutMs: number) {
  return { clock, timeoutMs, late: () => new Late() };
}

Deno.test("withDeadline() gives what the work gives, and sets no timer for good", async () => {
  const clock = new ManualClock();
  assertEquals(await withDeadline(Promise.resolve(7), deadline(clock, 10)), 7);
  await assertRejects(
    () => withDeadline(Promise.reject(new TypeError()), deadline(clock, 10)),
    TypeError,
  );
  assertEquals(clock.pending, 0);
});

Deno.test("withDeadline() ends the wait in time", async () => {
  const clock = new ManualClock();
  const forever = new Promise<never>(() => {});
  const waiting = withDeadline(forever, deadline(clock, 10));
  const ended = assertRejects(() => waiting, Late);
  await clock.advance(9);
  assertEquals(clock.pending, 1);
  await clock.advance(1);
  await ended;
});

Deno.test("withDeadline() drops what late work throws", async () => {
  const clock = new ManualClock();
  const { promise, reject } = Promise.withResolvers<never>();
  const ended = assertRejects(
    () => withDeadline(promise, deadline(clock, 10)),
    Late,
  );
  await clock.advance(10);
  await ended;
  reject(new TypeError("unheard")); // an unhandled rejection would fail this test
  await settle();
});

Deno.test("withDeadline() waits without limit for a limit of 0", async () => {
  const clock = new ManualClock();
  const { promise, resolve } = Promise.withResolvers<string>();
  const waiting = withDeadline(promise, deadline(clock, 0));
  await clock.advance(1e9);
  resolve("at last");
  assertEquals(await waiting, "at last");
});

Deno.test.each([
  { timeoutMs: -1 },
  { timeoutMs: NaN },
  { timeoutMs: Infinity },
  { timeoutMs: 2 ** 31 },
])("assertTimeoutMs() refuses $timeoutMs", ({ timeoutMs }) => {
  const error = assertThrows(
    () => assertTimeoutMs("register timeoutMs", timeoutMs),
    OptionError,
    "register timeoutMs",
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("assertTimeoutMs() accepts what a timer can keep", () => {
  for (const timeoutMs of [0, 0.5, 2 ** 31 - 1]) {
    assertTimeoutMs("timeoutMs", timeoutMs);
  }
});
