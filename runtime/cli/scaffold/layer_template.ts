import type { PluginTemplate } from "./template.ts";

/** A plugin that brings a layer. */
export const LAYER_TEMPLATE: PluginTemplate = {
  description: "a layer that configs can name",
  module: ({ id, contribution, className }) =>
    `/**
 * A plugin that brings one layer. In a sandbox what it computes is recorded; the host trains it like its own.
 *
 * @module
 */
import {
  definePlugin,
  Module,
  ones,
  Parameter,
  type Plugin,
  type Tensor,
} from "@spiraltorch/spiraltorch/plugin";

/** \`y = tanh(s x)\`, with one trained s a feature. */
export class ${className} extends Module {
  /** How steep each feature is. */
  readonly steepness: Parameter;

  /**
   * Constructs a new instance.
   *
   * @param features How many features it is given.
   */
  constructor(features: number) {
    super();
    this.steepness = new Parameter(ones([features]));
  }

  /** Applies the layer. */
  override forward(x: Tensor): Tensor {
    return x.mul(this.steepness).tanh();
  }
}

const plugin: Plugin = definePlugin({
  metadata: {
    id: "${id}",
    version: "0.1.0",
    description: "Brings the layer ${contribution}.",
    capabilities: ["Custom(layers)"],
  },
  onLoad(context) {
    context.modules.register({
      type: "${contribution}",
      description: "tanh(s x), with one trained s a feature.",
      category: "Activation",
      config: {
        type: "object",
        properties: { features: { type: "integer", minimum: 1 } },
        required: ["features"],
      },
      inferShape: "same",
      create: ({ features }) => new ${className}(Number(features)),
    });
  },
});

export default plugin;
`,
  test: ({ id, contribution, className }) =>
    `import { assert, assertEquals } from "@std/assert";
import { createEcosystem, gradients, tensor } from "@spiraltorch/spiraltorch";
import { ${className} } from "./mod.ts";

Deno.test("${className} begins as tanh, and can be trained", async () => {
  const layer = new ${className}(2);
  const x = tensor([[0.5, -1]]);
  const y = layer.forward(x);
  assertEquals(await y.array(), await x.tanh().array());
  const [slope] = gradients(y.sum(), [layer.steepness]);
  assert((await slope!.data()).every((value) => value !== 0));
});

Deno.test("${id} brings a layer that configs can name", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.loader.load(import.meta.resolve("./mod.ts"));
  const model = await ecosystem.pipeline({
    modules: [
      { linear: { inFeatures: 4, outFeatures: 2 } },
      { "${contribution}": { features: 2 } },
    ],
  });
  assertEquals(model.forward(tensor([[1, 2, 3, 4]])).shape, [1, 2]);
  assert(model.parameters().size === 3);
});
`,
};
