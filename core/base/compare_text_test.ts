import { assertEquals } from "@std/assert";
import { compareText } from "./compare_text.ts";

Deno.test("compareText() orders by code unit, not by language", () => {
  const sorted = ["ä", "b", "B", "a", "", "a1", "a"].sort(compareText);
  assertEquals(sorted, ["", "B", "a", "a", "a1", "b", "ä"]);
});
