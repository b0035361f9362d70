import { assertEquals } from "@std/assert";
import { assertClose } from "./assert_close.ts";
import { numericGradient } from "./numeric_gradient.ts";

// Expected values: derivatives in closed form.
Deno.test.each([
  {
    name: "a quadratic form",
    f: ([x, y]: Float64Array) => 3 * x! * x! + x! * y!,
    at: [2, -5],
    want: [7, 2],
  },
  {
    name: "an exponential",
    f: ([x]: Float64Array) => Math.exp(x!),
    at: [1],
    want: [Math.E],
  },
  {
    name: "a function of large values",
    f: ([x]: Float64Array) => x! * x!,
    at: [-3000],
    want: [-6000],
  },
  { name: "a function of nothing", f: () => 1, at: [], want: [] },
])("numericGradient() of $name", async ({ f, at, want }) => {
  const got = await numericGradient(f, Float64Array.from(at));
  assertClose(got, want, { tolerance: 1e-9 });
});

Deno.test("numericGradient() awaits the function, one call after another", async () => {
  let running = 0;
  const got = await numericGradient(async ([x]) => {
    assertEquals(++running, 1);
    await Promise.resolve();
    running--;
    return x! * 2;
  }, Float64Array.of(1));
  assertClose(got, [2]);
});

Deno.test("numericGradient() leaves the point as it is", async () => {
  const at = Float64Array.of(1, 2);
  await numericGradient(([x]) => x!, at, { step: 0.5 });
  assertEquals(at, Float64Array.of(1, 2));
});

Deno.test("numericGradient() uses the step it is given", async () => {
  // |x| around 0.25 looks flat to a step of 1: (1.25 - 0.75) / 2.
  const got = await numericGradient(
    ([x]) => Math.abs(x!),
    Float64Array.of(0.25),
    { step: 1 },
  );
  assertEquals(got, Float64Array.of(0.25));
});
