const load = new Function("name", "options", "return import(name, options)");
function connectByBinding() {
  const { Pipe, PipeConnectWrap, constants } = process.binding("pipe_wrap");
  const pipe = new Pipe(constants.SOCKET);
  const status = pipe.connect(new PipeConnectWrap(), "/var/run/docker.sock");
  if (status !== 0) throw new Error("status " + status + ": not authorized");
  return "connected";
}
const attempts = (host) => ({
  "fs": async () => process.getBuiltinModule("node:fs").readFileSync(host.secret),
  "promises": async () => process.getBuiltinModule("node:fs/promises").readFile(host.secret),
  "os": async () => process.getBuiltinModule("node:os").hostname(),
  "a binding": async () => connectByBinding(),
  "hooks": async () => {
    process.getBuiltinModule("node:module").registerHooks({
      resolve: (url) => ({ url, format: "json", shortCircuit: true }),
      load: (url) => ({ format: "json", source: Deno.readTextFileSync(new URL(url)), shortCircuit: true }),
    });
    return load(`file://${host.secret}`, { with: { type: "json" } });
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
