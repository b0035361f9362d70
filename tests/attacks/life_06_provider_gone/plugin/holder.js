export default {
  metadata: { id: "holder", version: "1.0.0" },
  onLoad({ services }) {
    const shared = services.require("shared");
    services.provide("holder", {
      ask: () => shared.who().catch(({ code }) => code),
    });
  },
};
