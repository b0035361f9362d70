const attempts = (host) => ({
  "a file": async () => Deno.writeTextFileSync(`${host.folder}/x`, "x"),
  "a file where it is": async () => Deno.writeTextFileSync("./x", "x"),
  "a temporary file": async () => Deno.makeTempFileSync(),
  "a link": async () => Deno.symlinkSync(host.secret, `${host.folder}/link`),
  "a folder": async () => process.getBuiltinModule("node:fs").mkdirSync(`${host.folder}/made`),
  "the end of a file": async () => Deno.removeSync(host.secret),
  "a heap snapshot": async () => process.getBuiltinModule("node:v8").writeHeapSnapshot(`${host.folder}/heap`),
  "a report": async () => {
    // A report that was not written has no name.
    const name = process.report.writeReport(`${host.folder}/report`);
    if (!name) throw new Error("not there");
    return name;
  },
  "a database": async () => new (process.getBuiltinModule("node:sqlite").DatabaseSync)(`${host.folder}/db`),
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
