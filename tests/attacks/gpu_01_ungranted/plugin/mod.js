const attempts = (host) => ({
  "an adapter": async () => (async () => {
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) throw new Error("none");
  })(),
  "the backend variable": async () => (process.env.DENO_WEBGPU_BACKEND = "vulkan", Deno.env.set("DENO_WEBGPU_BACKEND", "vulkan")),
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
