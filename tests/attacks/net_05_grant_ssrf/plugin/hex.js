export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { net: ["0x7f000001:80"] } },
};
