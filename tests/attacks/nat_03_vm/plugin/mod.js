const attempts = (host) => ({
  "a file": async () => process.getBuiltinModule("node:vm").runInNewContext("outer.constructor.constructor(`return Deno`)()", { outer: {} }).readTextFileSync(host.secret),
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
