import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Ceiling } from "./ceiling.ts";

Deno.test("Ceiling computes what it is timed for", () => {
  const ceiling = new Ceiling();
  // 12 chains of 4 multiply-adds from 0: x <- 0.999 x + 0.001, so 1 - 0.999^4 each.
  const sum = ceiling.run({ kind: "flops", flops: 384 });
  assertAlmostEquals(sum, 12 * (1 - 0.999 ** 4), 1e-6);
  assert(ceiling.run({ kind: "flops", flops: 3.84e6 }) > 11.9);
});

Deno.test.each(
  [
    // What is read is added up, in four lanes of which one comes back.
    { loop: "read", want: 0.5 * 6400 / 16 },
    { loop: "copy", want: 0 },
    { loop: "add", want: 0 },
  ] as const,
)("Ceiling moves memory by $loop", ({ loop, want }) => {
  assertEquals(new Ceiling().run({ kind: "bytes", bytes: 6400, loop }), want);
});

Deno.test("Ceiling goes over its arrays again for more than they hold", () => {
  const ceiling = new Ceiling();
  const bytes = 2 ** 26;
  assertEquals(
    ceiling.run({ kind: "bytes", bytes, loop: "read" }),
    0.5 * bytes / 16,
  );
});
