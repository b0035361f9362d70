import { assertThrows } from "@std/assert";
import { assertClose, AssertionError } from "./assert_close.ts";

Deno.test.each([
  { name: "a gap at the tolerance", got: [1.5], want: [1] },
  { name: "a gap relative to a large value", got: [1500], want: [1000] },
  { name: "a gap relative to a large negative value", got: [-6], want: [-4] },
  { name: "an infinity for itself", got: [-Infinity], want: [-Infinity] },
  { name: "a zero of the other sign", got: [-0], want: [0] },
  { name: "nothing", got: [], want: [] },
])("assertClose() accepts $name", ({ got, want }) => {
  assertClose(got, want, { tolerance: 0.5 });
});

Deno.test.each([
  { name: "a gap above the tolerance", got: [1, 1.6], want: [1, 1] },
  { name: "a gap above it for a small value", got: [0.7], want: [0.1] },
  { name: "a gap relative to the found value", got: [1000], want: [600] },
  { name: "NaN for a number", got: [NaN], want: [1] },
  { name: "a number for NaN", got: [1], want: [NaN] },
  { name: "NaN for NaN", got: [NaN], want: [NaN] },
  { name: "a number for an infinity", got: [1], want: [Infinity] },
  { name: "an infinity for a number", got: [Infinity], want: [1] },
  { name: "the other infinity", got: [-Infinity], want: [Infinity] },
  { name: "a missing element", got: [1], want: [1, 1] },
  { name: "an extra element", got: [1, 1], want: [1] },
])("assertClose() rejects $name", ({ got, want }) => {
  assertThrows(
    () => assertClose(got, want, { tolerance: 0.5, seed: 7 }),
    AssertionError,
    "(seed 7)",
  );
});

Deno.test("assertClose() lets NaN agree with NaN where that is asked for", () => {
  assertClose([NaN, 1], [NaN, 1], { equalNaN: true });
  const options = { equalNaN: true };
  assertThrows(() => assertClose([NaN], [1], options), AssertionError);
  assertThrows(() => assertClose([1], [NaN], options), AssertionError);
});

Deno.test("assertClose() names the element, what was found and wanted", () => {
  assertThrows(
    () => assertClose([1, 3], [1, 2]),
    AssertionError,
    "Element 1 differs: got 3, want 2",
  );
});

Deno.test("assertClose() is strict unless told otherwise", () => {
  assertThrows(() => assertClose([1.000002], [1]), AssertionError);
  assertClose([1.0000009], [1]);
});
