const attempts = (host) => ({
  "TCP": async () => Deno.listen({ port: 0 }),
  "a socket file": async () => Deno.listen({ transport: "unix", path: `${host.folder}/socket` }),
  "a server": async () => Deno.serve({ port: 0 }, () => new Response()).addr,
  "the inspector": async () => process.getBuiltinModule("node:inspector").open(0),
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
