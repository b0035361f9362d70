import { assertEquals, assertThrows } from "@std/assert";
import { ManualClock } from "../events/manual_clock_test.ts";
import { Effort } from "./effort.ts";

Deno.test("Effort is spent step by step, its parts too", () => {
  const whole = new Effort({ stepsMax: 5 });
  const part = whole.part(2);
  part.spend();
  assertEquals([part.isSpent, whole.isSpent], [false, false]);
  part.spend();
  assertEquals([part.isSpent, whole.isSpent], [true, false]);
  const other = whole.part(100);
  for (let n = 0; n < 3; n++) other.spend();
  assertEquals([other.isSpent, whole.isSpent], [true, true]);
});

Deno.test("Effort gives the host its turn when it has worked for long", async () => {
  const clock = new ManualClock();
  const effort = new Effort({ stepsMax: 10_000, clock });
  for (let n = 0; n < 1000; n++) assertEquals(effort.spend(), undefined);
  clock.setMs(20);
  const waits: Promise<void>[] = [];
  for (let n = 0; n < 128; n++) waits.push(...[effort.spend() ?? []].flat());
  assertEquals([waits.length, clock.pending], [1, 1]);
  await clock.advance(0);
  await waits[0];
  assertEquals(effort.spend(), undefined);
});

Deno.test("Effort ends with its signal, for its parts too", () => {
  const controller = new AbortController();
  const effort = new Effort({ stepsMax: 10, signal: controller.signal });
  effort.spend();
  controller.abort(new RangeError("enough"));
  assertThrows(() => effort.spend(), RangeError, "enough");
  assertThrows(() => effort.part(1).spend(), RangeError, "enough");
});
