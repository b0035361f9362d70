export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad: ({ services, config }) =>
    void services.provide(config.get("name"), { who: () => "attack" }, { replace: true }),
};
