export default {
  metadata: { id: "itself", version: "1.0.0", dependencies: { "itself": "^1.0.0" } },
};
