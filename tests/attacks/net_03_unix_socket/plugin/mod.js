const attempts = (host) => ({
  "Deno.connect": async () => Deno.connect({ transport: "unix", path: "/var/run/docker.sock" }),
  "a proxy": async () => {
    const client = Deno.createHttpClient({ proxy: { transport: "unix", path: "/var/run/docker.sock" } });
    return (await fetch("http://docker/", { client })).status;
  },
  "node:net": async () => new Promise((resolve, reject) => {
    const socket = process.getBuiltinModule("node:net").connect("/var/run/docker.sock", resolve);
    socket.on("error", reject);
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
