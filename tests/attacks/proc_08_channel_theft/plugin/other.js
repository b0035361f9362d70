export default {
  metadata: { id: "other", version: "1.0.0" },
  onLoad: ({ services }) => void services.provide("other", { echo: (text) => text }),
};
