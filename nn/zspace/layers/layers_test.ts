/** Every layer of the ball: its published values, slopes, refusals and state. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../../core/base/mod.ts";
import {
  gradients,
  ones,
  type Tensor,
  tensor,
  zeros,
} from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";
import { CoherenceScan } from "./coherence_scan.ts";
import { HyperbolicLinear } from "./hyperbolic_linear.ts";
import { HyperbolicMlr } from "./hyperbolic_mlr.ts";
import {
  LAYER_ROWS,
  type LayerRow,
  MLR,
  SEQUENCE,
  toTensor,
  withParameters,
} from "./layer_vectors_test.ts";
import { ToposResonator } from "./topos_resonator.ts";
import { WaveGate } from "./wave_gate.ts";
import { ZSpaceLayerNorm } from "./zspace_layer_norm.ts";
import { ZSpaceMixer } from "./zspace_mixer.ts";
import { ZSpaceProjector } from "./zspace_projector.ts";
import { ZSpaceSoftmax } from "./zspace_softmax.ts";

/** The layer's parameters: the published ones, else those it begins with. */
async function valuesOf(row: LayerRow): Promise<Map<string, Tensor>> {
  const values = new Map<string, Tensor>();
  for (const [name, first] of row.layer().parameters()) {
    const published = row.parameters?.[name];
    values.set(
      name,
      published
        ? toTensor(published)
        : tensor(await computeElements(first), { shape: first.shape }),
    );
  }
  return values;
}

for (const row of LAYER_ROWS) {
  const { name, layer, input, want, refused } = row;
  Deno.test(`${name} gives the published value`, async () => {
    const made = withParameters(row, await valuesOf(row));
    const y = made.forward(toTensor(input));
    assertClose(await computeElements(y), want, { tolerance: 1e-8 });
    assertClose(await y.data(), want, { tolerance: 1e-5 });
    assertEquals(
      Object.keys(row.parameters ?? {}).filter((key) =>
        !layer().parameters().has(key)
      ),
      [],
    );
  });

  Deno.test(`${name} has the slopes of central differences`, async () => {
    const values = await valuesOf(row);
    const names = [...values.keys()];
    await assertGradients((x, ...given) => {
      const pairs = names.map((name, i) => [name, given[i]!] as const);
      return withParameters(row, new Map(pairs)).forward(x!);
    }, [toTensor(input), ...values.values()]);
  });

  Deno.test(`${name} comes back from its state`, async () => {
    const values = await valuesOf(row);
    const made = layer();
    await made.loadStateDict(values);
    assertClose(await made.forward(toTensor(input)).data(), want, {
      tolerance: 1e-5,
    });
    const again = layer();
    await again.loadStateDict(made.stateDict());
    assertEquals(
      await again.forward(toTensor(input)).data(),
      await made.forward(toTensor(input)).data(),
    );
  });

  if (refused === undefined) continue;
  Deno.test(`${name} refuses other shapes`, () => {
    const error = assertThrows(
      () => layer().forward(ones(refused)),
      ShapeError,
    );
    assertEquals(error.code, "SHAPE_MISMATCH");
  });
}

Deno.test("ZSpaceProjector bends rows all the way unless told otherwise", async () => {
  const y = new ZSpaceProjector().forward(tensor([[3, 4]]));
  assertClose(await y.data(), [.6 * Math.tanh(5), .8 * Math.tanh(5)]);
});

Deno.test("WaveGate begins as ones, or as an older implementation did", async () => {
  assertEquals(await new WaveGate({ features: 2 }).gate.array(), [1, 1]);
  const classic = new WaveGate({ features: 2, init: "classic" });
  assertClose(await classic.gate.data(), [
    .1 * Math.sin(.01),
    .1 * Math.sin(.02),
  ]);
});

Deno.test("ZSpaceLayerNorm at next to no curvature is a layer norm", async () => {
  const x = tensor([[1, 2, 4], [0, 5, -1]]);
  const y = new ZSpaceLayerNorm({ features: 3, curvature: -1e-8 }).forward(x);
  assertClose(await y.data(), await x.layerNorm().data(), { tolerance: 1e-5 });
});

Deno.test("ZSpaceSoftmax is a softmax of scaled scores, and keeps a temperature that fits", async () => {
  const x = tensor([[1, 0, -1]]);
  const y = new ZSpaceSoftmax({ curvature: -4, temperature: 2 }).forward(x);
  assertClose(await y.data(), await x.softmax().data());
  const uniform = new ZSpaceSoftmax({ targetEntropy: Math.log(3) })
    .forward(zeros([1, 3]));
  assertClose(await uniform.data(), [1 / 3, 1 / 3, 1 / 3]);
});

Deno.test("ToposResonator approaches 1/(1 - coupling), as far as the topos allows", async () => {
  const of = (iterations: number) =>
    new ToposResonator({ features: 1, iterations }).forward(ones([1])).item();
  assertClose(
    [await of(1), await of(2), await of(3), await of(40)],
    [1, 1.25, 1.3125, 4 / 3],
  );
  const topos = new OpenCartesianTopos({ curvature: -1, maxDepth: 4 });
  const error = assertThrows(
    () => new ToposResonator({ features: 1, topos }),
    ZSpaceError,
  );
  assertEquals(error.code, "DEPTH_EXCEEDED");
  assertThrows(
    () => new ToposResonator({ features: 1, coupling: 1, iterations: 4097 }),
    OptionError,
    "coupling is 1, wanted a number from 0 and below 1; iterations is 4097",
  );
});

Deno.test("CoherenceScan gives the published weights", async () => {
  const x = toTensor(SEQUENCE);
  const of = (options: object) =>
    computeElements(new CoherenceScan(options).weights(x));
  assertClose(await of({}), [.092615413, .323383292, .584001295], {
    tolerance: 1e-8,
  });
  assertClose(await of({ score: "power" }), [.111111, .888889, 0], {
    tolerance: 1e-5,
  });
  // With its own score the last step is all there is.
  assertClose(await of({ score: "power", selfScore: 1 }), [0, 0, 1], {
    tolerance: 1e-5,
  });
  assertClose(await of({ score: "power", memory: 1 }), [1]);
});

Deno.test("CoherenceScan looks no further back than its memory", async () => {
  const x = toTensor(SEQUENCE);
  const [short, all] = [
    new CoherenceScan({ memory: 2 }).forward(x),
    new CoherenceScan().forward(x.slice([null, [1, 3]])),
  ];
  assertClose(await short.data(), await all.data());
  assertEquals(new CoherenceScan({ memory: 9 }).weights(x).shape, [1, 3]);
});

Deno.test("HyperbolicMlr of a normal of 0 is 0, with finite slopes", async () => {
  const layer = new HyperbolicMlr({ features: 2, classes: 2 });
  await layer.loadStateDict(
    new Map([["normal", zeros([2, 2])], ["offset", tensor([[.1, 0], [0, 0]])]]),
  );
  const y = layer.forward(tensor([[.3, .1]]));
  assertEquals(await y.array(), [[0, 0]]);
  const slopes = gradients(y.sum(), [layer.normal, layer.offset]);
  for (const slope of slopes) {
    assert((await slope.data()).every(Number.isFinite));
  }
});

Deno.test("HyperbolicMlr at next to no curvature is linear", async () => {
  const layer = new HyperbolicMlr({
    features: 2,
    classes: 2,
    curvature: -1e-8,
  });
  await layer.loadStateDict(
    new Map(Object.entries(MLR).map(([name, v]) => [name, toTensor(v)])),
  );
  const y = await layer.forward(tensor([[.3, -.2]])).data();
  assertClose(y, [4 * (.2 + .2), 4 * (.135 - .2)], { tolerance: 1e-5 });
});

Deno.test("Layers of the ball refuse options out of range", () => {
  for (
    const make of [
      () => new ZSpaceProjector({ strength: 2 }),
      () => new WaveGate({ features: 0 }),
      () => new ZSpaceLayerNorm({ features: 1, strength: NaN }),
      () => new ZSpaceSoftmax({ targetEntropy: -1 }),
      () => new ZSpaceMixer({ features: 1.5 }),
      () => new CoherenceScan({ memory: 0 }),
      () => new HyperbolicLinear({ inFeatures: 0, outFeatures: 1 }),
      () => new HyperbolicMlr({ features: 1, classes: 0 }),
    ]
  ) assertThrows(make, OptionError);
  for (
    const make of [
      () => new ZSpaceSoftmax({ temperature: 0 }),
      () => new CoherenceScan({ temperature: -1 }),
    ]
  ) {
    const error = assertThrows(make, ZSpaceError);
    assertEquals(error.code, "NON_POSITIVE_TEMPERATURE");
  }
  assertThrows(
    () => new ZSpaceLayerNorm({ features: 1, curvature: 0 }),
    ZSpaceError,
  );
});
