const attempts = (host) => ({
  "fs": async () => process.getBuiltinModule("node:fs").readFileSync(host.secret),
  "promises": async () => process.getBuiltinModule("node:fs/promises").readFile(host.secret),
  "os": async () => process.getBuiltinModule("node:os").hostname(),
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
