const load = new Function("name", "options", "return import(name, options)");
const attempts = (host) => ({
  "npm": async () => load(["npm:sem", "ver@7"].join("")),
  "jsr": async () => load(["jsr:@std", "/assert"].join("")),
  "http": async () => load(`http://127.0.0.1:${host.port}/mod.js`),
  "https": async () => load(`https://127.0.0.1:${host.port}/mod.js`),
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
