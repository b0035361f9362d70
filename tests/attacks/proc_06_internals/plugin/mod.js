export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const { ops } = Deno[Deno.internal].core;
        new ops.BrowserWindow();
        return "no panic";
      },
    });
  },
};
