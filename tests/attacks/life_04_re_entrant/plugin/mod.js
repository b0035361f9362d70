export default {
  metadata: { id: "attack", version: "1.0.0" },
  async onLoad({ services, log }) {
    const meddle = services.require("meddle");
    const ways = ["unload", "register", "reload"];
    const codes = [];
    for (const way of ways) codes.push(...await meddle[way]());
    log.info(JSON.stringify(codes));
  },
};
