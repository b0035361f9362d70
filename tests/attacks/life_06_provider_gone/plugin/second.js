export default {
  metadata: { id: "second", version: "1.0.0" },
  onLoad: ({ services }) => void services.provide("shared", { who: () => "second" }),
};
