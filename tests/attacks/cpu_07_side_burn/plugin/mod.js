export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    new Worker("data:text/javascript,for(;;);", { type: "module" });
    context.log.info("contained: spinning");
  },
};
