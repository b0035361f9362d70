const attempts = (host) => ({
  "one variable": async () => Deno.env.get("SPIRALTORCH_CANARY"),
  "all of them": async () => Object.keys(Deno.env.toObject()),
  "by node": async () => (() => {
    const value = process.env.SPIRALTORCH_CANARY;
    if (value === undefined) throw new Error("not there");
    return value;
  })(),
  "all of them, by node": async () => {
    const names = Object.keys({ ...process.env }).filter((name) => name !== "NO_COLOR");
    if (names.length === 0) throw new Error("not there");
    return names;
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
