import { assertEquals } from "@std/assert";
import { comparePaths } from "./compare_paths.ts";

Deno.test("comparePaths() orders names by code unit and places by number", () => {
  const sorted = [
    "",
    "loss",
    "modules",
    "modules[2]",
    "modules[2].linear",
    "modules[2].linear.b",
    "modules[2].relu",
    "modules[10].linear",
    "name",
  ];
  for (const [i, a] of sorted.entries()) {
    for (const [j, b] of sorted.entries()) {
      assertEquals(
        Math.sign(comparePaths(a, b)),
        Math.sign(i - j),
        `${a} ${b}`,
      );
    }
  }
});
