const attempts = (host) => ({
  "caches": async () => caches.open("x"),
  "localStorage": async () => localStorage.setItem("a", "b"),
  "a key-value store": async () => {
    if (typeof Deno.openKv !== "function") throw new Error("not there");
    return Deno.openKv();
  },
});

export default {
  metadata: { id: "attack", version: "1.0.0" },
  async onLoad({ config, log }) {
    for (const [name, attempt] of Object.entries(attempts(config.get("host")))) {
      try {
        log.info(`open: ${name}: ${String(await attempt())}`);
      } catch (error) {
        log.info(`closed: ${name}: ${error?.name}: ${error?.message}`);
      }
    }
  },
};
