export default {
  metadata: { id: "attack", version: "1.0.0", description: "<b>".repeat(2 ** 18) },
};
