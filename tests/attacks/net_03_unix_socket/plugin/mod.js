const attempts = ({ socket: path = "/var/run/docker.sock" }) => ({
  "Deno.connect": async () => Deno.connect({ transport: "unix", path }),
  "a proxy": async () => {
    const client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
    return (await fetch("http://docker/", { client })).status;
  },
  "a pipe of node": async () => {
    const { Pipe, PipeConnectWrap, constants } = process.binding("pipe_wrap");
    const status = new Pipe(constants.SOCKET).connect(new PipeConnectWrap(), path);
    if (status !== 0) throw new Error("status " + status + ": not authorized");
  },
  "node:net": async () => new Promise((resolve, reject) => {
    const socket = process.getBuiltinModule("node:net").connect(path, resolve);
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
