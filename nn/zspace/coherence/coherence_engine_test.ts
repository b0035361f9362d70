import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../../core/base/mod.ts";
import {
  ones,
  randomNormal,
  tensor,
  TensorError,
  zeros,
} from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { CoherenceEngine } from "./coherence_engine.ts";
import { contourOf } from "./contour.ts";
import { type LinguisticConcept, profileWeight } from "./linguistic_profile.ts";

Deno.test("CoherenceEngine divides columns into bands, the last of which may be empty", async () => {
  const engine = new CoherenceEngine({ dim: 129, channels: 16 });
  assertEquals(engine.channelWidth, 9);
  assertEquals([0, 14, 15].map((j) => engine.widthOf(j)), [9, 3, 0]);
  const weights = await computeElements(engine.measurePhases(ones([2, 129])));
  assertClose([weights[15]!], [1e-6 / (15 * 2 + 1e-6)], { tolerance: 1e-9 });
  assertEquals(new CoherenceEngine({ dim: 200 }).channels, 3);
  assertEquals(new CoherenceEngine({ dim: 5 }).channels, 1);
});

Deno.test("measurePhases() is the share of root mean squares, by brute force", async () => {
  const engine = new CoherenceEngine({ dim: 5, channels: 2, curvature: -4 });
  engine.registerLinguisticProfile({
    concept: "membrane",
    harmonicBias: [2, 3],
  });
  const rows = [[1, -2, 3, 0.5, -1], [0.25, 0, 2, 1, 4]];
  const bands = [
    rows.map((row) => row.slice(0, 3)),
    rows.map((row) => row.slice(3)),
  ];
  const rms = bands.map((band) => {
    const all = band.flat();
    return Math.sqrt(all.reduce((sum, x) => sum + x * x, 0) / all.length);
  });
  const raw = [2 * rms[0]!, 3 * rms[1]!];
  const want = raw.map((part) => part / (raw[0]! + raw[1]!));
  const x = tensor(rows);
  assertClose(await computeElements(engine.measurePhases(x)), want, {
    tolerance: 1e-12,
  });
  const perRow = await computeElements(engine.measurePhases(x, "row"));
  const [first] = await Promise.all(
    [x.slice([[0, 1]])].map((row) =>
      computeElements(engine.measurePhases(row))
    ),
  );
  assertClose(perRow.slice(0, 2), first!, { tolerance: 1e-12 });
});

Deno.test("measurePhases() has the slopes of central differences, and none below the floor", async () => {
  const engine = new CoherenceEngine({ dim: 7, channels: 3 });
  const x = tensor(await computeElements(randomNormal([2, 7], { key: 1 })), {
    shape: [2, 7],
  });
  for (const pooling of ["batch", "row"] as const) {
    await assertGradients((x) => engine.measurePhases(x!, pooling), [x]);
  }
  const weights = engine.measurePhases(zeros([2, 7]));
  assertClose(await weights.data(), [1 / 3, 1 / 3, 1 / 3]);
});

Deno.test("Linguistic profiles weigh four channels as published", () => {
  const table: Readonly<Partial<Record<LinguisticConcept, readonly number[]>>> =
    {
      membrane: [1.10625, 1.01875, .93125, .84375],
      "grain_boundary": [.93125, 1.09375, 1.25625, 1.41875],
      "neuronal_pattern": [1.0875, .8625, .8625, 1.0875],
      "droplet_coalescence": [1.0875, 1.3625, 1.3625, 1.0875],
      "custom(x)": [1, 1, 1, 1],
    };
  for (const [name, want] of Object.entries(table)) {
    const concept = name as LinguisticConcept;
    const weights = [0, 1, 2, 3].map((j) => profileWeight({ concept }, j, 4));
    assertClose(weights, want!, { tolerance: 1e-9 });
  }
  const profile = { concept: "membrane", harmonicBias: [1, 2] } as const;
  assertEquals([0, 1, 5].map((j) => profileWeight(profile, j, 6)), [1, 2, 2]);
});

Deno.test("describeChannels() names the strongest profile, of equal ones the first", () => {
  const engine = new CoherenceEngine({ dim: 4, channels: 2 });
  assertEquals(engine.describeChannels([0.5, 0.5])[0], {
    channel: 0,
    weight: 0.5,
    emphasis: 1,
  });
  engine.registerLinguisticProfile({ concept: "custom(a)", descriptor: "one" });
  engine.registerLinguisticProfile({ concept: "custom(b)" });
  engine.registerLinguisticProfile({
    concept: "grain_boundary",
    emphasis: 0.9,
  });
  const [low, high] = engine.describeChannels([0.25, 0.75]);
  assertEquals(low, {
    channel: 0,
    weight: 0.25,
    concept: "custom(a)",
    emphasis: 1,
    descriptor: "one",
  });
  assertEquals(high?.concept, "grain_boundary");
  assertEquals(engine.clearLinguisticProfiles(), 3);
  assertEquals(engine.profiles, []);
});

Deno.test("measurePhases() refuses energies without a finite sum, where it is computed", async () => {
  const engine = new CoherenceEngine({ dim: 2, channels: 2 });
  for (const value of [NaN, Infinity, 1e30]) {
    const weights = engine.measurePhases(tensor([[1, value]]));
    await assertRejects(() => weights.data(), TensorError, '"coherence"');
  }
});

Deno.test("relation() is the product of shares of the largest weight", async () => {
  const engine = new CoherenceEngine({ dim: 6, channels: 3 });
  const relation = await engine.relation(tensor([.6, .3, -.1])).array();
  assertClose((relation as number[][]).flat(), [1, .5, 0, .5, .25, 0, 0, 0, 0]);
  const rows = engine.relation(tensor([[.5, .25, .25], [0, 0, 0]]));
  assertEquals(rows.shape, [2, 3, 3]);
  assertClose(
    [...await rows.data()],
    [1, .5, .5, .5, .25, .25, .5, .25, .25, ...Array<number>(9).fill(0)],
  );
  for (const shape of [[2], [3, 1]]) {
    const error = assertThrows(() => engine.relation(ones(shape)), ShapeError);
    assertEquals(error.code, "SHAPE_MISMATCH");
  }
});

Deno.test("contourOf() gives the published values", () => {
  for (
    const [weights, c, want] of [
      [[.7, .2, .1], -1, [.54, .2, .382970843, .54]],
      [[.1, .2, .7], -4, [.54, .8, .382970843, 1.08]],
      [[3], -1, [1, .5, 0, 1]],
      [[1, 0], -100, [1, 0, 0, 4]],
    ] as const
  ) {
    assertClose(Object.values(contourOf(weights, c)), want, {
      tolerance: 1e-8,
    });
  }
});

Deno.test("contourOf() refuses weights that have no finite sum above 0", () => {
  for (const weights of [[], [0, 0], [1, NaN], [Infinity], [1, -2], [-1, 3]]) {
    const error = assertThrows(() => contourOf(weights, -1), ZSpaceError);
    assertEquals(error.code, "NON_POSITIVE_COHERENCE");
  }
});

Deno.test("CoherenceEngine refuses bad sizes, curvatures, profiles and rows", () => {
  assertThrows(() => new CoherenceEngine({ dim: 0 }), OptionError, "dim is 0");
  assertThrows(
    () => new CoherenceEngine({ dim: 4, curvature: 1 }),
    ZSpaceError,
  );
  const engine = new CoherenceEngine({ dim: 4 });
  for (
    const profile of [
      { concept: "membrane", emphasis: 0 },
      { concept: "membrane", harmonicBias: [1, -1] },
    ] as const
  ) {
    const error = assertThrows(
      () => engine.registerLinguisticProfile(profile),
      ZSpaceError,
    );
    assertEquals(error.code, "NON_POSITIVE_WEIGHT");
  }
  assertThrows(
    () => engine.measurePhases(ones([2, 3])),
    ShapeError,
    "4 columns",
  );
  assertThrows(() => engine.measurePhases(ones([4])), ShapeError);
  const error = assertThrows(
    () => engine.measurePhases(ones([0, 4])),
    ZSpaceError,
  );
  assertEquals(error.code, "EMPTY_INPUT");
});
