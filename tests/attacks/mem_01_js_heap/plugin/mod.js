export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const kept = [];
        for (;;) kept.push(new Array(1e5).fill(1.5));
      },
    });
  },
};
