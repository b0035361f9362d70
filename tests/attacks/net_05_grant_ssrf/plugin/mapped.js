export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { net: ["[::ffff:127.0.0.1]:80"] } },
};
