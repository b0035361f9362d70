export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { net: ["0177.0.0.1:80"] } },
};
