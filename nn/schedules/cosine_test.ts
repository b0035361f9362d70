import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { cosine } from "./cosine.ts";

// Expected values: the cosine of 60 and of 120 degrees.
Deno.test.each([
  { final: 0, share: 0, want: 1 },
  { final: 0, share: 1 / 3, want: 0.75 },
  { final: 0, share: 2 / 3, want: 0.25 },
  { final: 0.2, share: 0, want: 1 },
  { final: 0.2, share: 2 / 3, want: 0.4 },
])("cosine() $final at $share is $want", ({ final, share, want }) => {
  assertAlmostEquals(cosine({ final })(share), want, 1e-12);
});

Deno.test.each([{ final: -1 }, { final: NaN }, { final: Infinity }])(
  "cosine() refuses $final",
  ({ final }) => {
    const error = assertThrows(() => cosine({ final }), OptionError);
    assertEquals(error.code, "INVALID_OPTION");
  },
);
