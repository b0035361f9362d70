const attempts = (host) => ({
  "Deno.dlopen": async () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
  "process.dlopen": async () => process.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libc.so.6"),
  "an addon": async () => process.getBuiltinModule("node:module").createRequire("file:///")("/lib/addon.node"),
  "an extension": async () => new (process.getBuiltinModule("node:sqlite").DatabaseSync)(":memory:", { allowExtension: true }).loadExtension("/x.so"),
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
