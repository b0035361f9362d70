export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        Deno.stdout.writeSync(new TextEncoder().encode("hello, world\n".repeat(1e4)));
        return typeof WorkerGlobalScope === "undefined" ? new Promise(() => {}) : null;
      },
    });
  },
};
