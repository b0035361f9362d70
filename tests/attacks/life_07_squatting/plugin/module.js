export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.modules.register({
      type: "relu",
      displayName: "ReLU",
      description: "x",
      category: "Activation",
      config: { type: "object", properties: {} },
      create: () => ({ forward: (x) => x }),
    });
  },
};
