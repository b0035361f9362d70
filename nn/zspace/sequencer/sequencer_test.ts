import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  compile,
  compileStep,
  gradients,
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
import { Parameter } from "../../parameter.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";
import { ZSpaceCoherenceSequencer } from "./sequencer.ts";
import {
  lossOf,
  SEQUENCER_INPUTS,
  SEQUENCER_ROWS,
  SEQUENCER_VECTORS,
  sequencerOf,
} from "./sequencer_vectors_test.ts";

for (const { name, tensor, want } of SEQUENCER_VECTORS) {
  Deno.test(`ZSpaceCoherenceSequencer gives the published ${name}`, async () => {
    assertClose(await computeElements(tensor()), want, { tolerance: 1e-8 });
    assertClose(await tensor().data(), want, { tolerance: 1e-5 });
  });
}

for (const row of SEQUENCER_ROWS) {
  if (row.diagnostics === undefined) continue;
  Deno.test(`ZSpaceCoherenceSequencer diagnoses ${row.name} as published`, async () => {
    const sequencer = sequencerOf(row);
    const { diagnostics } = await sequencer.forwardWithDiagnostics(
      SEQUENCER_INPUTS[row.input](),
    );
    const { dominantChannel, energyRatio, entropy, zBias } = diagnostics;
    assertClose(
      [dominantChannel, energyRatio, entropy, zBias],
      row.diagnostics!,
      { tolerance: 1e-5 },
    );
    assertEquals(diagnostics.repairs, 0);
    assertClose([diagnostics.normalization], [1]);
  });
}

/** A sequencer whose parameters are whatever a test puts in their place. */
class Substituted extends ZSpaceCoherenceSequencer {
  given: ReadonlyMap<string, Parameter> | undefined;

  override ownParameters(): Map<string, Parameter> {
    return this.given ? new Map(this.given) : super.ownParameters();
  }
}

function learned(options = {}): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({
    dim: 12,
    heads: 3,
    weights: "learned",
    ...options,
  });
}

Deno.test("ZSpaceCoherenceSequencer with learned weights starts as the classic one, with the published slopes", async () => {
  const sequencer = learned();
  const x = SEQUENCER_INPUTS.B();
  const classic = new ZSpaceCoherenceSequencer({ dim: 12, heads: 3 });
  const y = sequencer.forward(x);
  assertClose(
    await computeElements(y),
    await computeElements(classic.forward(x)),
    { tolerance: 1e-6 },
  );
  const parameters = sequencer.parameters();
  assertEquals([...parameters].map(([name, { shape }]) => [name, shape]), [
    ["coherence.logits", [3]],
    ["coherence.logTemperature", [1]],
    ["ema.betaLogit", [1]],
  ]);
  const slopes = gradients(lossOf(y), [...parameters.values()]);
  assertClose(
    (await Promise.all(slopes.map((slope) => computeElements(slope))))
      .flatMap((part) => [...part]),
    [.006216249, .008436284, -.014652533, .000280653, .014396708],
    { tolerance: 1e-8 },
  );
});

Deno.test("ZSpaceCoherenceSequencer with learned weights gives the published values of its parameters", async () => {
  const sequencer = learned();
  await sequencer.loadStateDict(
    new Map([
      ["coherence.logits", tensor([.3, 0, -.3])],
      ["coherence.logTemperature", tensor([Math.LN2])],
      ["ema.betaLogit", tensor([0])],
    ]),
  );
  const { coherence, output } = sequencer.forwardWithCoherence(
    SEQUENCER_INPUTS.B(),
  );
  assertClose(await coherence.data(), [.435593944, .330958203, .233447853]);
  const row = [...await output.select(0).data()];
  assertClose(
    [...row.slice(0, 4), row[11]!],
    [-.106958518, -.059897701, -.011981868, .014541098, -.02798041],
    { tolerance: 1e-5 },
  );
});

for (const geometry of ["exact", "classic"] as const) {
  for (const weights of ["classic", "learned"] as const) {
    for (const pooling of ["batch", "row"] as const) {
      Deno.test(`ZSpaceCoherenceSequencer has the slopes of central differences: ${geometry}, ${weights}, ${pooling}`, async () => {
        const sequencer = new Substituted({
          dim: 9,
          heads: 3,
          channels: 4,
          curvature: -2,
          geometry,
          weights,
          pooling,
          output: "euclidean",
          rescale: true,
        });
        const x = tensor(
          await computeElements(randomNormal([3, 9], { key: 5 }).mul(0.4)),
          { shape: [3, 9] },
        );
        const values = [tensor([.2, -.1, .3, 0]), tensor([.2]), tensor([.4])];
        const names = [...sequencer.parameters().keys()];
        await assertGradients((x, ...given) => {
          sequencer.given = new Map(names.map((name, i) => [
            name,
            new Parameter(given[i]!),
          ]));
          return sequencer.forward(x!);
        }, [x, ...names.length > 0 ? values : []]);
      });
    }
  }
}

Deno.test("ZSpaceCoherenceSequencer: both geometries agree at curvature -1", async () => {
  const x = randomNormal([4, 16], { key: 3 });
  const [exact, classic] = await Promise.all(
    (["exact", "classic"] as const).map((geometry) =>
      new ZSpaceCoherenceSequencer({ dim: 16, heads: 2, geometry })
        .forward(x).data()
    ),
  );
  assertClose(exact!, classic!);
});

Deno.test("ZSpaceCoherenceSequencer keeps projected rows inside", async () => {
  const x = randomNormal([64, 16], { key: 3 }).mul(10);
  for (const curvature of [-0.25, -4]) {
    for (const geometry of ["exact", "classic"] as const) {
      const { projected } = new ZSpaceCoherenceSequencer({
        dim: 16,
        heads: 2,
        curvature,
        geometry,
      }).forwardWithCoherence(x);
      const radius = geometry === "exact" ? 1 / Math.sqrt(-curvature) : 1;
      const lengths = await projected.mul(projected).sum(-1).sqrt().data();
      assert(Math.max(...lengths) <= radius + 1e-6);
      assert(Math.max(...lengths) > 0.99 * radius);
    }
  }
});

Deno.test("ZSpaceCoherenceSequencer with learned weights lowers a loss that classic ones cannot", async () => {
  const sequencer = learned();
  await sequencer.realize();
  const x = SEQUENCER_INPUTS.B();
  // Only the first band is wanted.
  const wanted = tensor([1, 0, 0]);
  const parameters = [...sequencer.parameters().values()];
  using step = compileStep(() => {
    const gap = sequencer.forwardWithCoherence(x).coherence.sub(wanted);
    const loss = gap.mul(gap).sum();
    const slopes = gradients(loss, parameters);
    return {
      result: loss,
      updates: new Map(
        parameters.map((parameter, i) => [
          parameter,
          parameter.sub(slopes[i]!.mul(0.5)),
        ]),
      ),
    };
  });
  const first = await (await step()).item();
  for (let i = 0; i < 50; i++) await step();
  const last = await (await step()).item();
  assert(last < 0.1 * first, `${first} -> ${last}`);
});

Deno.test("ZSpaceCoherenceSequencer of nothing but zeros gives zeros, equal weights and finite slopes", async () => {
  for (const weights of ["classic", "learned"] as const) {
    const sequencer = new ZSpaceCoherenceSequencer({
      dim: 16,
      heads: 2,
      weights,
    });
    const x = zeros([3, 16]);
    const { output, coherence } = sequencer.forwardWithCoherence(x);
    assert((await output.data()).every((y) => y === 0));
    assertClose(await coherence.data(), [0.5, 0.5]);
    const [slope] = gradients(lossOf(sequencer.forward(x)), [x]);
    assert((await slope!.data()).every(Number.isFinite));
  }
});

Deno.test("ZSpaceCoherenceSequencer: one row has the same weights either way, and repeated rows change none", async () => {
  const make = (pooling: "batch" | "row") =>
    new ZSpaceCoherenceSequencer({ dim: 12, heads: 3, pooling });
  const x = SEQUENCER_INPUTS.B();
  const row = x.slice([[0, 1]]);
  assertClose(
    await make("batch").forward(row).data(),
    await make("row").forward(row).data(),
  );
  const [once, twice] = [x, x.concat(x)].map((x) =>
    make("batch").forwardWithCoherence(x).coherence
  );
  assertClose(await twice!.data(), await once!.data());
});

Deno.test("ZSpaceCoherenceSequencer leaves as points of the ball, or as tangents at its center", async () => {
  const x = SEQUENCER_INPUTS.B();
  const of = (output: "raw" | "ball" | "euclidean") =>
    new ZSpaceCoherenceSequencer({
      dim: 12,
      heads: 3,
      curvature: -4,
      output,
      rescale: true,
    }).forward(x);
  const ball = new PoincareBall({ curvature: -4 });
  assertEquals(await ball.contains(of("ball")), true);
  assertClose(await of("euclidean").data(), await ball.log0(of("ball")).data());
  assertClose(await of("ball").data(), await ball.project(of("raw")).data());
});

Deno.test("ZSpaceCoherenceSequencer multiplies by the number of channels where it rescales", async () => {
  const x = SEQUENCER_INPUTS.B();
  const of = (rescale: boolean) =>
    new ZSpaceCoherenceSequencer({ dim: 12, heads: 3, rescale }).forward(x);
  assertClose(await of(true).data(), await of(false).mul(3).data());
});

Deno.test("ZSpaceCoherenceSequencer keeps leading axes, and is the same when compiled", async () => {
  const sequencer = new ZSpaceCoherenceSequencer({ dim: 13, heads: 1 });
  const x = randomNormal([2, 5, 13], { key: 1 });
  using compiled = compile((x) => sequencer.forward(x!));
  const y = await compiled(x);
  assertEquals(y.shape, [2, 5, 13]);
  assertClose(await y.data(), await sequencer.forward(x).data(), {
    tolerance: 1e-7,
  });
});

Deno.test("ZSpaceCoherenceSequencer refuses what is not finite, where it is computed", async () => {
  const sequencer = new ZSpaceCoherenceSequencer({ dim: 2, heads: 1 });
  const y = sequencer.forward(tensor([[1, NaN]]));
  const error = await assertRejects(() => y.data(), TensorError);
  assertEquals(error.code, "NON_FINITE_VALUE");
  assertEquals(error.details, { label: "projected", value: "NaN" });
  const topos = new OpenCartesianTopos({ curvature: -1, nonFinite: "zero" });
  const mended = new ZSpaceCoherenceSequencer({ dim: 2, heads: 1, topos });
  assertEquals(await mended.forward(tensor([[NaN, 1]])).array(), [[0, 0]]);
});

Deno.test("ZSpaceCoherenceSequencer measures rows as they come where asked to", async () => {
  const x = tensor([[3, 0, 0, 0.1]]);
  const sequencer = new ZSpaceCoherenceSequencer({
    dim: 4,
    heads: 2,
    channels: 4,
    curvature: -4,
  });
  const weightsOf = async (measureOn: "projected" | "raw") =>
    (await sequencer.diagnostics(x, { measureOn })).channelWeights;
  const [projected, raw] = [
    await weightsOf("projected"),
    await weightsOf("raw"),
  ];
  // Both are shares of the same direction, but for the floor.
  assertClose(projected, raw, { tolerance: 1e-4 });
  assert(projected[1]! > 2 * raw[1]!);
  const reports = await sequencer.describeChannels(x);
  assertClose(reports.map(({ weight }) => weight), projected);
  const contour = await sequencer.emitLinguisticContour(x, {
    measureOn: "raw",
  });
  assertClose([contour.coherenceStrength], [(81 + 0.09) / 9.3 ** 2]);
});
