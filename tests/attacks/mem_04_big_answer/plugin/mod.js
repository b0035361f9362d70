export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        return "x".repeat(65 * 2 ** 20);
      },
    });
  },
};
