import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError } from "../../../core/base/mod.ts";
import { tensor } from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { type PreDiscardOptions, PreDiscardPolicy } from "./pre_discard.ts";

async function apply(
  options: PreDiscardOptions,
  weights: readonly number[],
): Promise<number[]> {
  const policy = new PreDiscardPolicy(options);
  return [
    ...await computeElements(policy.apply(tensor(Float64Array.from(weights)))),
  ];
}

/** One channel after the other, as the rule is told. */
function byHand(
  { dominanceRatio, energyFloor = 0, minChannels = 1 }: PreDiscardOptions,
  weights: readonly number[],
): number[] {
  const limit = Math.max(
    Math.max(...weights, 1e-6) * (1 - dominanceRatio),
    energyFloor,
  );
  const kept = new Set(weights.flatMap((w, j) => w >= limit ? [j] : []));
  const rest = weights.map((w, j) => ({ w, j }))
    .sort((a, b) => b.w - a.w || a.j - b.j);
  for (const { j } of rest) {
    if (kept.size >= Math.min(minChannels, weights.length)) break;
    kept.add(j);
  }
  const sum = [...kept].reduce((sum, j) => sum + weights[j]!, 0);
  return weights.map((w, j) =>
    sum <= 1e-12 ? 1 / weights.length : kept.has(j) ? w / sum : 0
  );
}

Deno.test("PreDiscardPolicy gives the published values", async () => {
  const weights = [.5, .3, .15, .05];
  const policy = new PreDiscardPolicy({ dominanceRatio: .5 });
  const kept = await apply({ dominanceRatio: .5 }, weights);
  assertClose(kept, [.625, .375, 0, 0], { tolerance: 1e-12 });
  const { survivors, discarded, telemetry } = policy.describe(weights, kept, 2);
  assertEquals(survivors, [0, 1]);
  assertEquals(discarded, [2, 3]);
  assertClose([telemetry.survivorEnergyRatio], [.8], { tolerance: 1e-12 });
  assertClose([telemetry.discardedEnergy], [.2], { tolerance: 1e-12 });
  assertEquals(telemetry.dominantWeight, .5);
  assertEquals(telemetry.preservedRatio, .5);
  assertEquals(telemetry.repairs, 2);
  assertEquals(telemetry.fallback, false);
});

Deno.test("PreDiscardPolicy keeps only the largest at 0, and all at 1", async () => {
  assertEquals(await apply({ dominanceRatio: 0 }, [.4, .4, .2]), [.5, .5, 0]);
  assertEquals(await apply({ dominanceRatio: 1 }, [.4, .4, .2]), [.4, .4, .2]);
});

Deno.test("PreDiscardPolicy counts all alike where nothing is left", async () => {
  const policy = new PreDiscardPolicy({ dominanceRatio: .5 });
  const kept = await apply({ dominanceRatio: .5 }, [0, 0, 0, 0]);
  assertEquals(kept, [.25, .25, .25, .25]);
  const { survivors, telemetry } = policy.describe([0, 0, 0, 0], kept);
  assertEquals(survivors, []);
  assertEquals(telemetry.fallback, true);
});

Deno.test("PreDiscardPolicy does what the rule says, whatever weights and limits", async () => {
  const weight = fc.oneof(
    fc.constantFrom(0, 0.25, 0.5),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(weight, { minLength: 1, maxLength: 6 }),
      fc.record({
        dominanceRatio: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
        energyFloor: fc.constantFrom(0, 0.2, 0.6),
        minChannels: fc.integer({ min: 1, max: 8 }),
      }),
      async (weights, options) => {
        assertClose(await apply(options, weights), byHand(options, weights), {
          tolerance: 1e-12,
        });
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("PreDiscardPolicy differentiates how survivors are scaled", async () => {
  const policy = new PreDiscardPolicy({ dominanceRatio: .5 });
  await assertGradients((w) => policy.apply(w!), [
    tensor([[.5, .3, .15, .05], [.1, .25, .3, .4]]),
  ]);
});

Deno.test("PreDiscardPolicy refuses limits out of range", () => {
  const error = assertThrows(
    () =>
      new PreDiscardPolicy({
        dominanceRatio: 1.5,
        energyFloor: NaN,
        minChannels: 0,
      }),
    OptionError,
  );
  assertEquals((error.details.problems as readonly unknown[]).length, 3);
});
