export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(signal) {
        process.kill(process.pid, signal);
        return new Promise(() => {});
      },
    });
  },
};
