const load = new Function("name", "options", "return import(name, options)");
const attempts = (host) => ({
  "text": async () => load(`file://${host.secret}`, { with: { type: "text" } }),
  "code": async () => load(`file://${host.folder}/mod.js`),
  "code beside": async () => load("./other.js"),
  "code from a root": async () => load(host.folder + "/mod.js"),
  "require": async () => process.getBuiltinModule("node:module").createRequire("file:///")(host.folder + "/mod.js"),
  "require of JSON": async () => process.getBuiltinModule("node:module").createRequire("file:///")("/etc/hostname.json"),
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
