function wasi(folder) {
  const { WASI } = process.getBuiltinModule("node:wasi");
  return new WASI({ version: "preview1", preopens: { "/": folder } });
}

const attempts = (host) => ({
  "the root": () => wasi("/"),
  "the folder above": () => wasi(".."),
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
