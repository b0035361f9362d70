import { assertAlmostEquals, assertEquals } from "@std/assert";
import { runCustomOperators } from "./custom_operators.ts";

function assertNear(found: readonly number[], wanted: readonly number[]): void {
  assertEquals(found.length, wanted.length);
  for (const [i, value] of found.entries()) {
    assertAlmostEquals(value, wanted[i]!, 1e-6);
  }
}

Deno.test("example: custom operators", async () => {
  const lines: string[] = [];
  const { values, slope, backends } = await runCustomOperators((line) =>
    void lines.push(line)
  );
  assertEquals(lines.length, 4);
  // Closed forms, of [[1, 2], [3, 4]] and [[4, 3], [2, 1]].
  assertNear(values["custom:square"]!, [1, 4, 9, 16]);
  assertNear(values["custom:normalize"]!, [
    0.18257419,
    0.36514837,
    0.54772256,
    0.73029674,
  ]);
  assertNear(values["custom:weighted"]!, [1.9, 2.3, 2.7, 3.1]);
  assertNear(slope, [2, 4, 6, 8]);
  assertEquals(Object.keys(backends), Object.keys(values));
});
