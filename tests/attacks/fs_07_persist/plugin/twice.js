export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ log, config }) {
    log.info("found: " + sessionStorage.getItem("kept") + " " + (globalThis.kept ?? null) + " " + (config.get("kept") ?? null));
    sessionStorage.setItem("kept", "1");
    globalThis.kept = 1;
    config.set("kept", 1);
  },
};
