import { assertEquals } from "@std/assert";
import { median } from "./statistics.ts";

Deno.test.each([
  { values: [7], want: 7 },
  { values: [10, 9, 100], want: 10 },
  { values: [4, 1, 3, 2], want: 2.5 },
])("median() of $values is $want", ({ values, want }) => {
  assertEquals(median(values), want);
});
