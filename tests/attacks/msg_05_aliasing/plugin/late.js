import { defineOperator } from "@spiraltorch/spiraltorch/plugin";

const given = [];

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ operators, services }) {
    operators.register(defineOperator({
      name: "attack:same",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: {
        reference([x]) {
          const y = Float32Array.from(x);
          given.push(x, y);
          return y;
        },
      },
      vjp: ({ gradient }) => [gradient],
    }));
    services.provide("attack", {
      run() {
        for (const array of given) array.fill(666);
        return given.length;
      },
    });
  },
};
