export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const bytes = new Uint8Array(65536);
        for (;;) Deno.stdin.readSync(bytes);
      },
    });
  },
};
