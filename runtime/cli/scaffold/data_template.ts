import type { PluginTemplate } from "./template.ts";

/** A plugin that brings samples. */
export const DATA_TEMPLATE: PluginTemplate = {
  description: "a source of samples",
  module: ({ id }) =>
    `/**
 * A plugin that brings samples: a service that tells how many there are, and gives some of them.
 *
 * @module
 */
import { definePlugin, type Plugin } from "@spiraltorch/spiraltorch/plugin";

/** Points of a sine. A real source would read a file or a server that it was granted. */
const COUNT = 64;

function point(index: number): [x: number, y: number] {
  const x = 2 * index / COUNT - 1;
  return [x, Math.sin(Math.PI * x)];
}

const plugin: Plugin = definePlugin({
  metadata: {
    id: "${id}",
    version: "0.1.0",
    description: "Brings points of a sine.",
    capabilities: ["DataLoader"],
  },
  onLoad(context) {
    context.services.provide("samples", {
      count: () => COUNT,
      read(first: number, count: number) {
        const places = Array.from({ length: count }, (_, i) => first + i);
        const points = places.map(point);
        return {
          inputs: points.map(([x]) => x),
          targets: points.map(([, y]) => y),
        };
      },
    });
  },
});

export default plugin;
`,
  test: ({ id }) =>
    `import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  ArrayDataset,
  createEcosystem,
  DataLoader,
  definePlugin,
  Linear,
  mse,
  type PluginContext,
  Sequential,
  Tanh,
  Trainer,
} from "@spiraltorch/spiraltorch";

/** What the plugin offers. */
interface Samples {
  count(): Promise<number>;
  read(
    first: number,
    count: number,
  ): Promise<{ inputs: number[]; targets: number[] }>;
}

Deno.test("${id} brings samples that a model learns from", async () => {
  await using ecosystem = await createEcosystem();
  const { loader, plugins } = ecosystem;
  await loader.load(import.meta.resolve("./mod.ts"));
  let services: PluginContext["services"] | undefined;
  await plugins.register(definePlugin({
    metadata: { id: "test.reader", version: "1.0.0" },
    onLoad: (context) => void ({ services } = context),
  }));
  const samples = services!.require<Samples>("${id}/samples");
  const { inputs, targets } = await samples.read(0, await samples.count());
  assertEquals(inputs.length, 64);
  const data = new DataLoader(
    new ArrayDataset({
      inputs: Float32Array.from(inputs),
      inputShape: [1],
      targets: Float32Array.from(targets),
      targetShape: [1],
    }),
    { batchSize: 16, shuffle: true },
  );
  using trainer = new Trainer({
    model: new Sequential([
      new Linear({ inFeatures: 1, outFeatures: 16 }),
      new Tanh(),
      new Linear({ inFeatures: 16, outFeatures: 1, seed: 1 }),
    ]),
    loss: mse,
    optimizer: new Adam({ learningRate: 0.02 }),
  });
  const before = await trainer.evaluate(data);
  await trainer.fit(data, { epochs: 20 });
  assert((await trainer.evaluate(data)).loss < before.loss / 2);
});
`,
};
