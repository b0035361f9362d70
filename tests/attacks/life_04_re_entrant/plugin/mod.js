export default {
  metadata: { id: "attack", version: "1.0.0" },
  async onLoad({ services, log }) {
    const meddle = services.require("meddle");
    log.info(JSON.stringify([await meddle.unload(), await meddle.register()]));
  },
};
