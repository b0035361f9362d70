export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { net: ["2130706433:80"] } },
};
