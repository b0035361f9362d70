const kept = [];

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        kept.push(new Uint8Array(10 * 2 ** 20).fill(1));
        return kept.length;
      },
    });
  },
};
