const attempts = (host) => ({
  "fetch": async () => fetch(`http://127.0.0.1:${host.port}/`),
  "WebSocket": async () => new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/`);
    socket.onopen = resolve;
    socket.onerror = reject;
  }),
  "EventSource": async () => new Promise((resolve, reject) => {
    const source = new EventSource(`http://127.0.0.1:${host.port}/`);
    source.onopen = resolve;
    source.onerror = () => {
      source.close();
      reject(new Error("not authorized"));
    };
  }),
  "Deno.connect": async () => Deno.connect({ hostname: "127.0.0.1", port: host.port }),
  "Deno.connectTls": async () => Deno.connectTls({ hostname: "127.0.0.1", port: host.port }),
  "node:net": async () => new Promise((resolve, reject) => {
    const socket = process.getBuiltinModule("node:net").connect(host.port, "127.0.0.1", resolve);
    socket.on("error", reject);
  }),
  "node:http": async () => new Promise((resolve, reject) => {
    process.getBuiltinModule("node:http").get(`http://127.0.0.1:${host.port}/`, resolve).on("error", reject);
  }),
  "node:tls": async () => new Promise((resolve, reject) => {
    process.getBuiltinModule("node:tls").connect(host.port, "127.0.0.1", resolve).on("error", reject);
  }),
  "DNS": async () => Deno.resolveDns("plugins.example", "A"),
  "DNS by node": async () => process.getBuiltinModule("node:dns/promises").lookup("plugins.example"),
  "DNS by node, asked itself": async () => process.getBuiltinModule("node:dns/promises").resolve4("plugins.example"),
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
