import { assert, assertEquals } from "@std/assert";
import { SYSTEM_CLOCK } from "./clock.ts";

/** Resolves when the system clock has called back. */
function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => void SYSTEM_CLOCK.after(delayMs, resolve));
}

Deno.test("SYSTEM_CLOCK.after() calls back, not before its time", async () => {
  const startMs = SYSTEM_CLOCK.nowMs();
  await afterMs(5);
  // Timers count whole milliseconds.
  assert(SYSTEM_CLOCK.nowMs() - startMs >= 4);
});

Deno.test("SYSTEM_CLOCK.after() does not call back once disposed", async () => {
  const called: string[] = [];
  const timer = SYSTEM_CLOCK.after(0, () => called.push("disposed"));
  timer[Symbol.dispose]();
  await afterMs(1);
  assertEquals(called, []);
});
