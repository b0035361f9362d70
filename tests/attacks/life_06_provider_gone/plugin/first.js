export default {
  metadata: { id: "first", version: "1.0.0" },
  onLoad: ({ services }) => void services.provide("shared", { who: () => "first" }),
};
