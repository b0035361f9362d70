import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ones } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { Linear } from "../layers/linear.ts";
import { Relu } from "../layers/relu.ts";
import { ModulePipelineBuilder } from "./pipeline_builder.ts";

function builder(): ModulePipelineBuilder {
  return new ModulePipelineBuilder(createModuleRegistry());
}

Deno.test("ModulePipelineBuilder.build() puts modules one after another", async () => {
  const head = new Linear({ inFeatures: 3, outFeatures: 2 });
  const model = await builder()
    .withName("tiny")
    .withInput(["batch", 4])
    .addModule("linear", { in_features: 4, outFeatures: 3 })
    .addModule("relu", {}, { id: "activation" })
    .add(head)
    .add(new Relu(), { id: "last" })
    .build();
  assertEquals(model.name, "tiny");
  assertEquals([...model.children().keys()], [
    "0.linear",
    "activation",
    "2.linear",
    "last",
  ]);
  assertEquals(model.children().get("2.linear"), head);
  assertEquals(model.forward(ones([5, 4])).shape, [5, 2]);
});

Deno.test("ModulePipelineBuilder.build() of nothing is the identity", async () => {
  const x = ones([1]);
  const model = await builder().build();
  assertEquals(model.forward(x), x);
});

Deno.test("pipelines: builder twice: independent models", async () => {
  const twice = builder().addModule("linear", {
    inFeatures: 2,
    outFeatures: 2,
  });
  const [one, two] = [await twice.build(), await twice.build()];
  const [a, b] = [one, two].map((model) =>
    [...model.parameters().values()][0]!
  );
  assert(a !== b);
  const want = await b!.data();
  assertEquals(await a!.data(), want);
  a!.dispose();
  assertEquals(await b!.data(), want);
  const other = await twice.build({ seed: 1 });
  const [weight] = other.parameters().values();
  assert(String(await weight!.data()) !== String(want));
});

Deno.test("ModulePipelineBuilder.addModule() checks at once", () => {
  const unknown = assertThrows(() => builder().addModule("sigmid"), NnError);
  assertEquals(unknown.code, "MODULE_UNKNOWN");
  assertEquals(unknown.details["suggestions"], ["sigmoid"]);
  const config = assertThrows(
    () => builder().addModule("linear", { inFeatures: 2 }),
    NnError,
  );
  assertEquals(config.code, "CONFIG_INVALID");
});

Deno.test("pipelines: build count zero when an issue exists", async () => {
  const registry = createModuleRegistry();
  let made = 0;
  registry.register({
    type: "acme:counted",
    description: "Counts.",
    category: "Layer",
    inferShape: (_, [x]) => x!,
    create: () => (made++, new Relu()),
  });
  const error = await assertRejects(
    () =>
      new ModulePipelineBuilder(registry)
        .withInput(["batch", 4])
        .addModule("acme:counted")
        .addModule("linear", { inFeatures: 5, outFeatures: 3 })
        .build(),
    NnError,
    'modules[1]: Found [batch, 4] from "0.acme:counted", wanted [..., 5] for "1.linear"',
  );
  assertEquals(error.code, "PIPELINE_INVALID");
  assertEquals(made, 0);
});

Deno.test("ModulePipelineBuilder.build() knows no shapes behind a module that was given", async () => {
  const model = await builder()
    .withInput(["batch", 4])
    .add(new Linear({ inFeatures: 4, outFeatures: 9 }))
    .addModule("linear", { inFeatures: 9, outFeatures: 1 })
    .build();
  assertEquals(model.forward(ones([1, 4])).shape, [1, 1]);
});

Deno.test("ModulePipelineBuilder.build() refuses an id twice", async () => {
  const error = await assertRejects(
    () =>
      builder()
        .addModule("relu", {}, { id: "a" })
        .add(new Relu(), { id: "a" })
        .build(),
    NnError,
    'Found the id "a" twice',
  );
  assertEquals(error.code, "PIPELINE_INVALID");
});

Deno.test("ModulePipelineBuilder.build() refuses what is no module", async () => {
  const error = await assertRejects(
    () => builder().addModule("adam").build(),
    NnError,
    "found an object, wanted a Module",
  );
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
});
