export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const error = new Error("\u001b[2J\u202e" + "x".repeat(1e6));
        error.name = "\u001b]8;;evil";
        error.code = "INTEGRITY_MISMATCH";
        throw error;
      },
    });
  },
};
