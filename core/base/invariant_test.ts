import { assertThrows } from "@std/assert";
import { assertInvariant, InvariantError } from "./invariant.ts";

Deno.test.each([{ value: 1 }, { value: "x" }, { value: true }])(
  "assertInvariant() lets $value pass",
  ({ value }) => {
    assertInvariant(value, "it holds");
  },
);

Deno.test.each([{ value: 0 }, { value: "" }, { value: undefined }])(
  "assertInvariant() stops at $value, and says what should have held",
  ({ value }) => {
    assertThrows(
      () => assertInvariant(value, "a list is sorted"),
      InvariantError,
      "Broken invariant, please report it: a list is sorted",
    );
  },
);
