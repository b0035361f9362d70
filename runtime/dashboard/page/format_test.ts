import { assertEquals } from "@std/assert";
import { bytes, count, duration, number, percent, short } from "./format.ts";

Deno.test.each(
  [
    [null, "–"],
    [0, "0"],
    [0.0000012345, "1.23e-6"],
    [0.123456, "0.1235"],
    [-12.3456, "-12.35"],
    [1234.5, "1,235"],
    [240_123, "240K"],
  ] as const,
)("number() writes %s as %s", (value, text) => {
  assertEquals(number(value), text);
});

Deno.test.each(
  [
    [0.3, "300 µs"],
    [12.345, "12.3 ms"],
    [61_000, "1 min 1 s"],
    [59_940, "59.9 s"],
    [7_260_000, "2 h 1 min"],
  ] as const,
)("duration() writes %s as %s", (value, text) => {
  assertEquals(duration(value), text);
});

Deno.test.each(
  [
    [0, "0 B"],
    [1023, "1020 B"],
    [1536, "1.5 KiB"],
    [3 * 1024 ** 4, "3 TiB"],
    [3000 * 1024 ** 4, "3000 TiB"],
  ] as const,
)("bytes() writes %s as %s", (value, text) => {
  assertEquals(bytes(value), text);
});

Deno.test("percent(), count() and short() write what stands beside a name", () => {
  assertEquals([percent(0.9666), percent(undefined)], ["96.7 %", "–"]);
  assertEquals([count(1234567), short(0.0012345)], ["1,234,567", "0.00123"]);
});
