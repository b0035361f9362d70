import { defineOperator } from "@spiraltorch/spiraltorch/plugin";

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ operators }) {
    operators.register(defineOperator({
      name: "attack:big",
      inputs: ["x", "y"],
      infer: { shape: "broadcast", dtype: "float32" },
      kernels: { reference: ([x, y]) => new Float32Array(x.length * y.length) },
      vjp: ({ gradient }) => [gradient, gradient],
    }));
  },
};
