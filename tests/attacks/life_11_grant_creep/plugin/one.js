export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad: ({ services }) => void services.provide("attack", { run: () => 1 }),
};
