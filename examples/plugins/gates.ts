/**
 * A plugin that brings one operator: a smooth gate between 0 and 1.
 *
 * In a sandbox its function is recorded once; what reaches the host is a graph.
 */
import {
  type CallableOperator,
  defineOperator,
  definePlugin,
  type Plugin,
} from "@spiraltorch/spiraltorch/plugin";

/** `0.5 (1 + x / (1 + |x|))`: like the logistic function, without an exponential. */
const softGate: CallableOperator = defineOperator({
  name: "gates:soft_gate",
  description: "Smooth gate, 0.5 (1 + x / (1 + |x|)).",
  inputs: ["x"],
  forward: ([x]) => x!.div(x!.abs().add(1)).add(1).mul(0.5),
});

const plugin: Plugin = definePlugin({
  metadata: {
    id: "example.gates",
    version: "1.2.0",
    description: "Smooth gates as operators.",
    capabilities: ["Operators"],
  },
  onLoad(context) {
    context.operators.register(softGate);
    context.log.info("The soft gate is open");
  },
});

export default plugin;
