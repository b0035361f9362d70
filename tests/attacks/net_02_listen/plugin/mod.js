const attempts = (host) => ({
  "TCP": async () => Deno.listen({ port: 0 }),
  "UDP": async () => Deno.listenDatagram === undefined ? Promise.reject(new Error("not there")) : Deno.listenDatagram({ port: 0, transport: "udp" }),
  "a socket file": async () => Deno.listen({ transport: "unix", path: `${host.folder}/socket` }),
  "a server": async () => Deno.serve({ port: 0 }, () => new Response()).addr,
  "a server of node": async () => new Promise((resolve, reject) => {
    const server = process.getBuiltinModule("node:http").createServer();
    server.on("error", reject);
    server.listen(0, () => resolve(server.address()));
  }),
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
