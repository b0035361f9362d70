import { defineOperator } from "@spiraltorch/spiraltorch/plugin";

const description = `<img src=x onerror=alert(1)> [more](javascript:alert(1))
may   everything
\u001b[2K\u202e${"x".repeat(1000)}`;

export default {
  metadata: { id: '<img src=x onerror="alert(1)">', version: "1.0.0", description },
  onLoad({ operators }) {
    operators.register(defineOperator({
      name: "attack:same",
      description,
      inputs: ["x"],
      forward: ([x]) => x.neg(),
    }));
  },
};
