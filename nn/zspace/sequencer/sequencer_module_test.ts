import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../../core/base/mod.ts";
import { ones, tensor, zeros } from "../../../ops/mod.ts";
import { createModuleRegistry } from "../../discovery/create_module_registry.ts";
import { NnError } from "../../errors.ts";
import { buildPipeline } from "../../pipelines/build_pipeline.ts";
import { parsePipeline } from "../../pipelines/parse_pipeline.ts";
import { encodeSafetensors } from "../../safetensors/encode_safetensors.ts";
import { parseSafetensors } from "../../safetensors/parse_safetensors.ts";
import { ZSpaceError } from "../errors.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";
import { ZSpaceCoherenceSequencer } from "./sequencer.ts";

function learned(): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({
    dim: 12,
    heads: 3,
    weights: "learned",
  });
}

Deno.test("ZSpaceCoherenceSequencer refuses rows of another size, none, and too many", () => {
  const sequencer = new ZSpaceCoherenceSequencer({
    dim: 4,
    heads: 2,
    topos: new OpenCartesianTopos({ curvature: -1, maxVolume: 8 }),
  });
  const shape = assertThrows(() => sequencer.forward(ones([2, 3])), ShapeError);
  assertEquals(shape.code, "SHAPE_MISMATCH");
  for (
    const [x, code] of [
      [zeros([0, 4]), "EMPTY_INPUT"],
      [zeros([3, 4]), "VOLUME_EXCEEDED"],
    ] as const
  ) {
    const error = assertThrows(() => sequencer.forward(x), ZSpaceError);
    assertEquals(error.code, code);
  }
});

Deno.test("ZSpaceCoherenceSequencer lists every option that is out of range", () => {
  const error = assertThrows(
    () =>
      new ZSpaceCoherenceSequencer({
        dim: 10,
        heads: 3,
        channels: 11,
        name: " ",
      }),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
  assertEquals(
    error.details.problems,
    [
      { name: "heads", value: "3", range: "a divisor of dim, 10" },
      { name: "channels", value: "11", range: "a whole number from 1 to 10" },
      { name: "name", value: " ", range: "a name with text" },
    ],
  );
  const mismatch = assertThrows(
    () =>
      new ZSpaceCoherenceSequencer({
        dim: 4,
        heads: 1,
        curvature: -1,
        topos: new OpenCartesianTopos({ curvature: -1.1 }),
      }),
    ZSpaceError,
  );
  assertEquals(mismatch.code, "CURVATURE_MISMATCH");
  assertThrows(
    () => new ZSpaceCoherenceSequencer({ dim: 4, heads: 1, curvature: 0 }),
    ZSpaceError,
    "ZSpaceCoherenceSequencer of curvature 0",
  );
});

Deno.test("ZSpaceCoherenceSequencer derives its concept from curvature and heads", () => {
  const conceptOf = (heads: number, curvature: number) =>
    new ZSpaceCoherenceSequencer({ dim: 12 * 17, heads, curvature }).concept;
  assertEquals(conceptOf(12, -1), "membrane");
  assertEquals(conceptOf(17, -1), "neuronal_pattern");
  assertEquals(conceptOf(12, -0.5), "neuronal_pattern");
  assertEquals(conceptOf(6, -0.5), "membrane");
});

Deno.test("ZSpaceCoherenceSequencer comes back from safetensors as it was, all or nothing", async () => {
  const first = learned();
  await first.loadStateDict(
    new Map([
      ["coherence.logits", tensor([.1, .2, .3])],
      ["coherence.logTemperature", tensor([.4])],
      ["ema.betaLogit", tensor([.5])],
    ]),
  );
  const saved = await Promise.all(
    [...first.stateDict()].map(async ([name, value]) => {
      const { dtype, shape } = value;
      return [name, { dtype, shape, data: await value.data() }] as const;
    }),
  );
  const bytes = encodeSafetensors(new Map(saved));
  const second = learned();
  const { tensors } = parseSafetensors(bytes);
  await second.loadStateDict(
    new Map([...tensors].map(([name, { data, shape, dtype }]) => [
      name,
      tensor(data, { shape, dtype }),
    ])),
  );
  for (const [name, value] of second.stateDict()) {
    assertEquals(await value.data(), await first.stateDict().get(name)!.data());
  }
  await assertRejects(
    () => second.loadStateDict(new Map([["ema.betaLogit", tensor([9])]])),
    NnError,
    '"coherence.logits" is missing',
  );
  assertEquals(await second.parameters().get("ema.betaLogit")!.array(), [.5]);
});

Deno.test("zspace_coherence_sequencer is built from a pipeline in YAML", async () => {
  const registry = createModuleRegistry();
  const description = parsePipeline(
    `
version: 1
name: sequence
modules:
  - linear: { inFeatures: 4, outFeatures: 8 }
  - zspace_coherence_sequencer:
      dim: 8
      heads: 2
      curvature: -0.5
      weights: learned
      preDiscard: { dominanceRatio: 0.9 }
`,
    registry,
  );
  const { model } = await buildPipeline(description, registry);
  const y = model.forward(ones([3, 4]));
  assertEquals(y.shape, [3, 8]);
  assert((await y.data()).every(Number.isFinite));
  assert(
    [...model.parameters().keys()].some((name) =>
      name.endsWith("coherence.logits")
    ),
  );
});
