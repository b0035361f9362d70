export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        Deno.stdout.writeSync(Uint8Array.of(2, 0, 0, 0, 0, 0));
        return new Promise(() => {});
      },
    });
  },
};
