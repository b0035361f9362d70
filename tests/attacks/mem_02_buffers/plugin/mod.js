export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const kept = [];
        for (;;) kept.push(new Uint8Array(2 ** 25).fill(1));
      },
    });
  },
};
