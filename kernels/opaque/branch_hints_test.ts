import { assertEquals } from "@std/assert";
import { branchHints, hintedBody, UNLIKELY } from "./branch_hints.ts";

Deno.test("hintedBody() tells where marked instructions stand", () => {
  assertEquals(hintedBody([0, UNLIKELY, 4, 0x40, UNLIKELY, 4, 0x40, 11]), {
    bytes: [0, 4, 0x40, 4, 0x40, 11],
    unlikely: [1, 3],
  });
});

Deno.test("branchHints() writes hints of functions that have some", () => {
  const name = [...new TextEncoder().encode("metadata.code.branch_hint")];
  const bodies = [[0, 11], [0, UNLIKELY, 4, 0x40, 11, 11]].map(hintedBody);
  // One function, number 1; one hint, at 1, of one byte: not likely.
  assertEquals(branchHints(bodies), [name.length, ...name, 1, 1, 1, 1, 1, 0]);
});
