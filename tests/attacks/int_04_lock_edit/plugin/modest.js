export default {
  metadata: {
    id: "attack",
    version: "1.0.0",
    permissions: { env: ["LANG"], optional: { env: ["SPIRALTORCH_CANARY"] } },
  },
  onLoad({ log }) {
    try {
      log.info(Deno.env.get("SPIRALTORCH_CANARY"));
    } catch {
      log.info("closed");
    }
  },
};
