const attempts = (host) => ({
  "a file": async () => Deno.writeTextFileSync(`${host.folder}/x`, "x"),
  "a temporary file": async () => Deno.makeTempFileSync(),
  "a heap snapshot": async () => process.getBuiltinModule("node:v8").writeHeapSnapshot(`${host.folder}/heap`),
  "an attached database": async () => new (process.getBuiltinModule("node:sqlite").DatabaseSync)(":memory:").exec(`ATTACH '${host.folder}/db' AS p`),
  "a vacuum": async () => new (process.getBuiltinModule("node:sqlite").DatabaseSync)(":memory:").exec(`VACUUM INTO '${host.folder}/db'`),
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
