export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        Deno.addSignalListener("SIGTERM", () => {});
        process.kill(process.pid, "SIGSTOP");
        for (;;);
      },
    });
  },
};
