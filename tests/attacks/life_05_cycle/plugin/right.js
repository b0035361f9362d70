export default {
  metadata: { id: "right", version: "1.0.0", dependencies: { "left": "^1.0.0" } },
};
