import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError } from "../../../core/base/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import {
  PreDiscardRegulator,
  type PreDiscardRegulatorState,
} from "./pre_discard_regulator.ts";
import type { PreDiscardRegulatorOptions } from "./pre_discard_regulator_options.ts";

const HALVES = { base: .5, targetPreserved: .5, targetEnergy: .5 };

function make(
  options: Partial<PreDiscardRegulatorOptions> = {},
): PreDiscardRegulator {
  return new PreDiscardRegulator({ ...HALVES, ...options });
}

function told(
  regulator: PreDiscardRegulator,
  ratios: readonly (readonly [preserved: number, energy: number])[],
): number[] {
  return ratios.map(([preservedRatio, survivorEnergyRatio]) =>
    regulator.observe({ preservedRatio, survivorEnergyRatio })
  );
}

/** An error of exactly this size, where it is the first one. */
function off(error: number) {
  return { preservedRatio: .5 + error, survivorEnergyRatio: .5 + error };
}

Deno.test("observe() gives the published values", () => {
  const regulator = make();
  assertEquals(regulator.dominanceRatio, .5);
  assertClose(told(regulator, [[.75, .9]]), [.3375], { tolerance: 1e-12 });
  const { error, trend } = regulator.state;
  assertClose([error!, trend], [.325, 0], { tolerance: 1e-12 });
  assertClose(told(regulator, [[.4, .6]]), [.296875], { tolerance: 1e-12 });
  const { preserved, energy, error: next } = regulator.state;
  assertClose([preserved!, energy!, next!], [.4875, .675, .08125], {
    tolerance: 1e-12,
  });
});

Deno.test("observe() bounds each step, the offset, and the ratio", () => {
  assertClose([make().observe(off(.5))], [.3], { tolerance: 1e-12 });
  const near = make({ maxOffset: .1 });
  assertClose(told(near, [[1, 1], [1, 1]]), [.4, .4], { tolerance: 1e-12 });
  assertEquals(make({ base: .1 }).observe(off(.5)), 0);
});

Deno.test("observe() takes a small error for none, and lets the offset go", () => {
  const regulator = make({ deadband: .1, equilibriumDecay: .5 });
  assertClose([regulator.observe(off(.2))], [.4], { tolerance: 1e-12 });
  // The average is .25 * .7 + .75 * .5 = .55 by now.
  assertClose([regulator.observe(off(0))], [.45], { tolerance: 1e-12 });
  assertEquals(regulator.state.error, 0);
});

Deno.test("observe() answers the trend and the sum of errors where it is asked to", () => {
  const momentum = make({ momentum: 1, smoothing: 0 });
  momentum.observe(off(.1));
  // The error grows by .1, half of which is the trend: a step of .5 (.2 + .05).
  assertClose([momentum.observe(off(.2))], [.45 - .125], { tolerance: 1e-12 });
  const integral = make({ integralGain: 1, smoothing: 0, integralLimit: .15 });
  assertClose([integral.observe(off(.1))], [.4], { tolerance: 1e-12 });
  assertClose([integral.observe(off(.1))], [.4 - .05 - .075], {
    tolerance: 1e-12,
  });
});

Deno.test("observe() scales steps by confidence, and shortens them after fallbacks", () => {
  const sure = make({ confidence: { floor: .5, gain: 1 } });
  const low = sure.observe({ ...off(.2), confidence: .25 });
  assertClose([low], [.45], { tolerance: 1e-12 });
  const high = make({ confidence: { floor: .5, gain: 1 } })
    .observe({ ...off(.2), confidence: 1 });
  assertClose([high], [.35], { tolerance: 1e-12 });
  const fallen = make({ smoothing: 0, fallbackMemory: .5, maxStep: 1 });
  assertClose([fallen.observe({ ...off(0), fallback: true })], [.4], {
    tolerance: 1e-12,
  });
  // Half of the fallback is remembered, then a quarter.
  assertClose([fallen.observe(off(0))], [.35], { tolerance: 1e-12 });
  assertClose([fallen.observe(off(0))], [.325], { tolerance: 1e-12 });
});

Deno.test("A regulator's state comes back from JSON, and goes on as if nothing had happened", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(share, share), { maxLength: 6 }),
      fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 4 }),
      (before, after) => {
        const options = { momentum: .3, integralGain: .2, fallbackMemory: .5 };
        const [one, two] = [make(options), make(options)];
        told(one, before);
        two.restore(JSON.parse(JSON.stringify(one.state)));
        assertEquals(two.state, one.state);
        const ratios = told(one, after);
        assertEquals(told(two, after), ratios);
        assert(ratios.every((ratio) => ratio >= 0 && ratio <= 1));
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("PreDiscardRegulator refuses bad options, observations and states, and stays as it was", () => {
  const error = assertThrows(
    () =>
      make({
        base: 2,
        smoothing: 1,
        maxStep: NaN,
        channelWeight: 0,
        energyWeight: 0,
        confidence: { floor: 0, gain: -1 },
      }),
    OptionError,
  );
  const names = (error.details["problems"] as readonly { name: string }[])
    .map(({ name }) => name);
  assertEquals(names.toSorted(), [
    "base",
    "confidence.floor",
    "confidence.gain",
    "energyWeight",
    "maxStep",
    "smoothing",
  ]);
  const regulator = make();
  const { state } = regulator;
  for (const value of [NaN, -1, 1.1, null, "0.5"]) {
    const given = { preservedRatio: value, survivorEnergyRatio: .5 };
    assertThrows(
      () => regulator.observe(given as ReturnType<typeof off>),
      OptionError,
    );
  }
  const bad: readonly unknown[] = [
    null,
    7,
    {},
    { ...state, offset: null },
    { ...state, error: "1" },
    { ...state, trend: Infinity },
  ];
  for (const given of bad) {
    assertThrows(() => regulator.restore(given), OptionError);
  }
  assertEquals(regulator.state, state satisfies PreDiscardRegulatorState);
});
