export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        try {
          Deno.addSignalListener("SIGTERM", () => {});
          process.on("SIGTERM", () => {});
        } catch {
          // In a worker, signals are the host's.
        }
        process.kill(process.pid, "SIGSTOP");
        for (;;);
      },
    });
  },
};
