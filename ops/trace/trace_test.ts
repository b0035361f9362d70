import { assertEquals } from "@std/assert";
import { encodeNumber } from "./trace.ts";

Deno.test.each([
  { value: 1.5 },
  { value: 0 },
  { value: -0 },
  { value: NaN },
  { value: Infinity },
  { value: -Infinity },
])("encodeNumber() of $value comes back from JSON", ({ value }) => {
  const encoded = JSON.parse(JSON.stringify(encodeNumber(value)));
  assertEquals(Number(encoded), value);
  assertEquals(
    typeof encoded === "number",
    Number.isFinite(value) && !Object.is(value, -0),
  );
});
