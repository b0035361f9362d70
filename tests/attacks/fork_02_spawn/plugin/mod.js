const attempts = (host) => ({
  "Deno.Command": async () => new Deno.Command("/bin/true").outputSync().code,
  "Deno itself": async () => new Deno.Command(Deno.execPath()).spawn().pid,
  "child_process": async () => process.getBuiltinModule("node:child_process").execFileSync("/bin/true"),
  "cluster": async () => new Promise((resolve, reject) => {
    const child = process.getBuiltinModule("node:cluster").fork();
    child.once("online", resolve);
    child.once("error", reject);
  }),
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
