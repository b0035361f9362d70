export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(count) {
        for (let i = 0; i < count; i++) setInterval(() => {}, 1000);
        return count;
      },
    });
  },
};
