import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { runCustomOperatorDemo } from "./custom_operator_demo.ts";

/** Closed forms, of a = [[1, 2], [3, 4]] and b = g = [[4, 3], [2, 1]]. */
const WANTED: Readonly<
  Record<string, { readonly values: number[]; readonly slope: number[] }>
> = {
  // x², and 2 x g.
  "custom:square": { values: [1, 4, 9, 16], slope: [8, 12, 12, 8] },
  // x / n, and (g - x ⟨x, g⟩ / n²) / n, where n² = 30 and ⟨x, g⟩ = 20.
  "custom:normalize": {
    values: [0.18257419, 0.36514837, 0.54772256, 0.73029674],
    slope: [4, 3, 2, 1].map((g, i) => (g - (i + 1) * 20 / 30) / Math.sqrt(30)),
  },
  // 0.7 a + 0.3 b, and 0.7 g.
  "custom:weighted": {
    values: [1.9, 2.3, 2.7, 3.1],
    slope: [2.8, 2.1, 1.4, 0.7],
  },
};

function assertNear(
  found: readonly number[],
  wanted: readonly number[],
): void {
  assertEquals(found.length, wanted.length);
  for (const [i, value] of found.entries()) {
    assertAlmostEquals(value, wanted[i]!, 2e-6);
  }
}

Deno.test("runCustomOperatorDemo() computes three operators and their gradients on every backend there is, and tells where they run", async () => {
  const lines: string[] = [];
  const results = await runCustomOperatorDemo((line) => void lines.push(line));
  for (const { operator, values, slope } of results) {
    assertNear(values, WANTED[operator]!.values);
    assertNear(slope, WANTED[operator]!.slope);
  }
  const backends = new Set(results.map(({ backend }) => backend));
  assert(backends.has("reference") && backends.has("wasm"));
  // The third is there, or it is said why not.
  const refusals = lines.filter((line) => line.startsWith("Not on "));
  assertEquals(backends.size + refusals.length, 3);
  assertEquals(results.length, 3 * backends.size);

  for (
    const line of [
      "  for CPU: custom:normalize, custom:square, custom:weighted",
      "  for WGPU: custom:normalize, custom:weighted",
      "  for CUDA: custom:square",
      "  custom:square, wanted on CUDA: wasm runs it",
    ]
  ) assert(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
  const verdicts = lines.filter((line) => line.startsWith("  opcheck "));
  assertEquals(verdicts.map((line) => line.replace(/ \(.*/, "")), [
    "  opcheck custom:square: ok",
    "  opcheck custom:normalize: ok",
    "  opcheck custom:weighted: ok",
  ]);
});
