const attempts = (host) => ({
  "host": async () => process.kill(host.pid, 0),
  "parent": async () => process.kill(Deno.ppid, 0),
  "group": async () => process.kill(0, 0),
  "everybody": async () => process.kill(-1, 0),
  "init": async () => process.kill(1, 0),
  "sibling": async () => process.kill(host.siblingPid, 0),
  "Deno.kill": async () => Deno.kill(host.pid, "SIGCONT"),
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
