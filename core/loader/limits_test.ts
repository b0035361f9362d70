import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { FETCH_LIMITS, type FetchLimits, fetchLimits } from "./limits.ts";

Deno.test("fetchLimits() completes limits with their defaults", () => {
  assertEquals(fetchLimits(), FETCH_LIMITS);
  assertEquals(fetchLimits({ redirectsMax: 0, timeMs: 7 }), {
    ...FETCH_LIMITS,
    redirectsMax: 0,
    timeMs: 7,
  });
});

Deno.test.each<{ limits: unknown }>([
  { limits: { modulesMax: -1 } },
  { limits: { bytesMax: NaN } },
  { limits: { timeMs: Infinity } },
  { limits: { indexBytesMax: "1" } },
  { limits: 7 },
])("fetchLimits() refuses $limits", ({ limits }) => {
  assertThrows(() => fetchLimits(limits as Partial<FetchLimits>), OptionError);
});
