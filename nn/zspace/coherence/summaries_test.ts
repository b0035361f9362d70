import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { controlOf, partialMetricsOf } from "./control.ts";
import { diagnose } from "./diagnostics.ts";
import { labelCoherence } from "./label.ts";
import { summarizeSimplex } from "./simplex.ts";

const SHARES = [.7, .2, .1];

Deno.test("summarizeSimplex() gives the published values", () => {
  for (
    const [shares, want] of [
      [SHARES, [.801818553, .729846699, .31, 2.229591874]],
      [[.25, .25, .25, .25], [1.386294361, 1, 0, 4]],
      [[1], [0, 0, 1, 1]],
    ] as const
  ) {
    assertClose(Object.values(summarizeSimplex(shares)), want, {
      tolerance: 1e-8,
    });
  }
});

Deno.test("summarizeSimplex() refuses what is no distribution", () => {
  for (
    const shares of [[], [0.5, 0.4], [1.5, -0.5], [NaN, 1], Array(4097).fill(0)]
  ) {
    const error = assertThrows(() => summarizeSimplex(shares), ZSpaceError);
    assertEquals(error.code, "NOT_A_DISTRIBUTION");
  }
  summarizeSimplex([0.5, 0.5 + 9e-7]);
});

Deno.test("controlOf() and partialMetricsOf() give the published values", () => {
  const input = {
    normalizedWeights: SHARES,
    energyRatio: .8,
    zBias: .3,
    beta: .5,
  };
  assertClose(
    Object.values(controlOf(input)),
    [.31, .729846699, .216122641, 2.229591874],
    { tolerance: 1e-8 },
  );
  assertClose(
    Object.values(partialMetricsOf(input)),
    [.300437097, .291312612, -.42983429, .462117157, .291312612],
    { tolerance: 1e-8 },
  );
  assertEquals(partialMetricsOf(input, { speed: 0 }).speed, 0);
  assertThrows(() => partialMetricsOf(input, { drs: -1 }), OptionError, "drs");
});

Deno.test("labelCoherence() gives the first label that applies, and a reason", () => {
  const of = (energyRatio: number, channelWeights: number[]) =>
    labelCoherence({ energyRatio, channelWeights, dominantChannel: 1 }).label;
  assertEquals(of(1e-6, [.5, .5]), "background");
  assertEquals(of(.9, [.5, .50001]), "symmetric_pulse");
  assertEquals(of(.7, [.3, .7]), "cascade_imbalance");
  assertEquals(of(.69, [.3, .7]), "diffuse_drift");
  const { reason, label } = labelCoherence(
    { energyRatio: .69, channelWeights: [.3, .7], dominantChannel: 1 },
    { cascadeMin: .5 },
  );
  assertEquals(label, "cascade_imbalance");
  assertEquals(reason, "channel 1 holds 0.690 of the magnitude, at least 0.5");
  assertThrows(
    () =>
      labelCoherence(
        { energyRatio: 1, channelWeights: [1], dominantChannel: 0 },
        { backgroundMax: -1 },
      ),
    OptionError,
  );
});

Deno.test("diagnose() says what weights and smoothed values are like", () => {
  const diagnostics = diagnose({
    weights: [.2, .4, .4, -1, NaN, 0, .2, .4, .4],
    channels: 3,
    channelWidth: 2,
    dim: 6,
    aggregated: [1, 1, -2, 2, 0, 3, 1, 1, 2, 2, 0, 3],
    curvature: -4,
    beta: .3,
    report: (weights) =>
      weights.map((weight, channel) => ({ channel, weight, emphasis: 1 })),
  });
  assertEquals(diagnostics.repairs, 2);
  const want = [.4 / 3, .8 / 3, .8 / 3];
  assertClose(diagnostics.channelWeights, want);
  // Of equal weights the last one rules.
  assertEquals(diagnostics.dominantChannel, 2);
  assertClose([diagnostics.energyRatio], [6 / 18]);
  assertClose([diagnostics.meanCoherence], [2 / 9]);
  assertClose([diagnostics.zBias], [2 * (.2 - .4)]);
  assertEquals(diagnostics.preserved, 3);
  assertEquals(diagnostics.reports.length, 3);
  const { blocks, mean, standardError, zScore } = diagnostics.pulse;
  const deviation = Math.sqrt(38 / 12 - (14 / 12) ** 2);
  assertEquals(blocks, 2);
  assertClose([mean, standardError, zScore], [
    14 / 12,
    deviation / Math.sqrt(12),
    14 / 12 / (deviation / Math.sqrt(12)),
  ]);
});
