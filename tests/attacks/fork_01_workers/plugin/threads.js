export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const { Worker } = process.getBuiltinModule("node:worker_threads");
        for (let count = 0; count < 1000; count++) {
          new Worker("setInterval(() => {}, 1000)", { eval: true });
        }
        return new Promise(() => {});
      },
    });
  },
};
