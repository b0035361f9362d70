export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(messages) {
        for (let count = 0; count < messages; count++) context.config.set("key", count);
        return "done";
      },
    });
  },
};
