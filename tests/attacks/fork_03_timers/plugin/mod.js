export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        for (let count = 0; count < 1e5; count++) setInterval(() => {}, 1000);
        return "contained";
      },
    });
  },
};
