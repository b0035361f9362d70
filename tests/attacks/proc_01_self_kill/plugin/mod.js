export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(signal) {
        // A handler of the platform takes the first one of some.
        for (let i = 0; i < 3; i++) process.kill(process.pid, signal);
        return new Promise(() => {});
      },
    });
  },
};
