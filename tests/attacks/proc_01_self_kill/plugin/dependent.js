export default {
  metadata: { id: "dependent", version: "1.0.0", dependencies: { attack: "^1.0.0" } },
};
