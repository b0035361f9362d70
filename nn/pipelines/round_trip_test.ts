import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ones, type Tensor } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { Linear } from "../layers/linear.ts";
import { Parallel } from "../layers/parallel.ts";
import { Relu } from "../layers/relu.ts";
import { Residual } from "../layers/residual.ts";
import { Sequential } from "../layers/sequential.ts";
import { Module } from "../module.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import { ModulePipelineBuilder } from "./pipeline_builder.ts";
import { printConfig } from "./print_config.ts";
import { toPipeline } from "./to_pipeline.ts";

const registry = createModuleRegistry();
const WIDTH = 3;

/** Entries that keep the shape `[batch, 3]`, whichever way they are put together. */
const { entry } = fc.letrec<{ entry: unknown; list: unknown[] }>((tie) => ({
  entry: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<unknown>(
      "relu",
      "tanh",
      { linear: { in_features: WIDTH, outFeatures: WIDTH, bias: false } },
      { type: "layer_norm", config: { features: WIDTH } },
    ),
    fc.record({ residual: tie("list") }),
    fc.record({ sequential: tie("list") }),
    fc.record({
      repeat: fc.record({ times: fc.nat(3), modules: tie("list") }),
    }),
    fc.record({
      branch: fc.record({
        merge: fc.constantFrom("add", "mul", "mean", "max"),
        paths: fc.oneof(
          fc.array(tie("list"), { minLength: 1, maxLength: 3 }),
          fc.record({ left: tie("list"), right: tie("list") }),
        ),
      }),
    }),
  ),
  list: fc.array(tie("entry"), { maxLength: 3 }),
}));

function typesOf(model: Module): string[] {
  return [...model.modules()].map(([path, module]) =>
    `${path} ${module.constructor.name}`
  );
}

Deno.test("pipelines: round trip over 300 seeded random pipelines: toPipeline() gives back what a model was built from", async () => {
  const property = fc.asyncProperty(
    fc.array(entry, { maxLength: 4 }),
    async (modules) => {
      const source = { name: "some", input: ["batch", WIDTH], modules };
      const { input: _, ...description } = parsePipeline(source, registry);
      const one = await buildPipeline(description, registry, { seed: 3 });
      assertEquals(toPipeline(one.model, registry), description);
      const printed = printConfig(description, registry);
      assertEquals(parsePipeline(printed, registry), description);
      const two = await buildPipeline(
        toPipeline(one.model, registry),
        registry,
        { seed: 3 },
      );
      assertEquals(typesOf(two.model), typesOf(one.model));
      const [a, b] = [one, two].map(({ model }) => [...model.parameters()]);
      assertEquals(a!.map(([name]) => name), b!.map(([name]) => name));
      assertEquals(
        a!.map(([, { shape }]) => shape),
        b!.map(([, { shape }]) => shape),
      );
      assertEquals(one.model.forward(ones([2, WIDTH])).shape, [2, WIDTH]);
    },
  );
  await fc.assert(property, { seed: 1, numRuns: 300 });
});

Deno.test("toPipeline() and one seed give the same weights", async () => {
  const source = {
    modules: [{
      branch: {
        merge: "concat",
        paths: [[{ linear: { inFeatures: 2, outFeatures: 2 } }], [{
          residual: [{ linear: { inFeatures: 2, outFeatures: 2 } }],
        }]],
      },
    }],
  };
  const first = await buildPipeline(
    parsePipeline(source, registry),
    registry,
    { seed: 5 },
  );
  const description = toPipeline(first.model, registry);
  const second = await buildPipeline(description, registry, { seed: 5 });
  for (const [name, weight] of first.model.parameters()) {
    const again = second.model.parameters().get(name)!;
    assertEquals(await again.data(), await weight.data());
  }
});

Deno.test("toPipeline() keeps names that modules have by place", () => {
  const linear = () => new Linear({ inFeatures: 2, outFeatures: 2 });
  const model = new Sequential([
    linear(),
    new Residual(linear()),
    new Parallel([linear(), new Sequential([new Relu()])], { merge: "add" }),
  ]);
  const { modules } = toPipeline(model, registry);
  const config = { inFeatures: 2, outFeatures: 2, bias: true };
  const described = { type: "linear", config };
  assertEquals<unknown>(modules, [
    { id: "0", ...described },
    { id: "1", residual: described },
    {
      id: "2",
      branch: {
        merge: "add",
        paths: [described, [{ id: "0", type: "relu", config: {} }]],
      },
    },
  ]);
  assertEquals(parsePipeline({ modules }, registry).modules, modules);
});

class Own extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

const SHARED = new Relu();

Deno.test.each<{ name: string; model: Module; message: string }>([
  {
    name: "what no type knows",
    model: new Sequential(new Map([["body", new Residual(new Own())]])),
    message: 'Cannot describe "body.inner": found "Own"',
  },
  {
    name: "a module that is there twice",
    model: new Sequential([SHARED, SHARED]),
    message: 'Cannot describe "1": found a module that is there twice',
  },
  {
    name: "a name that is no id",
    model: new Sequential(new Map([["a b", new Relu()]])),
    message: 'Cannot describe "a b": found a name that is no id',
  },
  {
    name: "a path that is no id",
    model: new Parallel(new Map([["a b", new Relu()]]), { merge: "add" }),
    message: "found a path with a name that is no id",
  },
  {
    name: "a named model in another",
    model: new Sequential([new Sequential([], { name: "inner" })]),
    message: 'Cannot describe "0": found a name or outputs inside a model',
  },
])("toPipeline() refuses $name", ({ model, message }) => {
  const error = assertThrows(
    () => toPipeline(model, registry),
    NnError,
    message,
  );
  assertEquals(error.code, "NOT_SERIALIZABLE");
});

Deno.test("ModulePipelineBuilder puts blocks together as a description does", async () => {
  const linear = { linear: { inFeatures: 4, outFeatures: 4 } };
  const builder = new ModulePipelineBuilder(registry)
    .withInput(["batch", 4])
    .branch({ merge: "concat", paths: { a: [linear], b: [] } }, { id: "sides" })
    .residual([{ linear: { inFeatures: 8, outFeatures: 8 } }, "relu"])
    .repeat(2, ["tanh"]);
  const model = await builder.build();
  assertEquals([...model.parameters().keys()], [
    "sides.a.0.linear.weight",
    "sides.a.0.linear.bias",
    "1.residual.inner.0.linear.weight",
    "1.residual.inner.0.linear.bias",
  ]);
  assertEquals(model.forward(ones([2, 4])).shape, [2, 8]);
  const again = await builder.build();
  assert(again.children().get("sides") !== model.children().get("sides"));
  const error = assertThrows(
    () => builder.residual(["rellu"]),
    NnError,
    "did you mean",
  );
  assertEquals(error.code, "PIPELINE_INVALID");
});
