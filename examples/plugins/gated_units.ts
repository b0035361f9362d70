/**
 * A plugin that brings one layer: an activation whose steepness is trained. It uses an operator of
 * another plugin, which it names with a range of versions.
 */
import {
  definePlugin,
  Module,
  ones,
  Parameter,
  type Plugin,
  type Tensor,
} from "@spiraltorch/spiraltorch/plugin";

/** `y = x · gate(β x)`, one trained β a feature. */
class GatedUnit extends Module {
  readonly beta: Parameter;
  readonly #gate: (x: Tensor) => Tensor;

  constructor(features: number, gate: (x: Tensor) => Tensor) {
    super();
    this.beta = new Parameter(ones([features]));
    this.#gate = gate;
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.#gate(x.mul(this.beta)));
  }
}

const plugin: Plugin = definePlugin({
  metadata: {
    id: "example.gated_units",
    version: "0.3.0",
    description: "Activations whose steepness is trained.",
    dependencies: { "example.gates": "^1.0.0" },
    capabilities: ["Custom(activations)"],
  },
  onLoad(context) {
    const gate = context.operators.find("gates:soft_gate");
    context.modules.register({
      type: "gated_unit",
      displayName: "Gated unit",
      description: "x · gate(β x), with one trained β a feature.",
      category: "Activation",
      config: {
        type: "object",
        properties: { features: { type: "integer", minimum: 1 } },
        required: ["features"],
        additionalProperties: false,
      },
      inferShape: "same",
      create: ({ features }) => new GatedUnit(features as number, gate),
    });
  },
});

export default plugin;
