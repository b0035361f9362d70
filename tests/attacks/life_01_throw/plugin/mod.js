export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    for (const name of ["attack:a", "attack:b"]) {
      context.operators.register({ name, inputs: ["x"], forward: ([x]) => x });
    }
    context.services.provide("attack", { run: () => 1 });
    throw new Error("no");
  },
};
