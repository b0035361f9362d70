export default {
  metadata: { id: "left", version: "1.0.0", dependencies: { "right": "^1.0.0" } },
};
