let times = 0;

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services, subscribe, publish }) {
    services.provide("attack", { run: () => new Promise(() => {}) });
  },
  onUnload: ({ log }) => log.info("unloaded: " + ++times),
};
