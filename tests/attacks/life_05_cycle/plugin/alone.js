export default {
  metadata: { id: "alone", version: "1.0.0", dependencies: { "nobody": "^1.0.0" } },
};
