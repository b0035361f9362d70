import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { matchesName } from "./match_name.ts";

Deno.test("matchesName() agrees with a regular expression of the same meaning", () => {
  const letters = fc.constantFrom("a", "b", ".");
  fc.assert(
    fc.property(
      fc.array(fc.oneof(letters, fc.constant("*")), { maxLength: 6 }),
      fc.array(letters, { maxLength: 8 }),
      (pattern, name) => {
        const source = pattern.map((part) =>
          part === "*" ? ".*" : part === "." ? "\\." : part
        ).join("");
        assertEquals(
          matchesName(pattern.join(""), name.join("")),
          new RegExp(`^${source}$`).test(name.join("")),
        );
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("matchesName() is done with a pattern of many stars", () => {
  assertEquals(matchesName("*a".repeat(100) + "b", "a".repeat(10_000)), false);
});
