export default {
  metadata: { id: "attack", version: "2.0.0", permissions: { net: ["api.example:443"] } },
};
