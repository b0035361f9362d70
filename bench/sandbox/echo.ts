/** A plugin with an operator that stays in the sandbox and gives back what it gets. */
import {
  defineOperator,
  definePlugin,
  type Plugin,
} from "@spiraltorch/spiraltorch/plugin";

const plugin: Plugin = definePlugin({
  metadata: { id: "bench.echo", version: "1.0.0" },
  onLoad({ operators }) {
    operators.register(defineOperator({
      name: "bench:echo",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: { reference: ([x]) => new Float32Array(x!) },
      vjp: ({ gradient }) => [gradient],
    }));
  },
});
export default plugin;
