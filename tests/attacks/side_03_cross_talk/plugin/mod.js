export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        return new Promise((resolve, reject) => {
          const channel = new BroadcastChannel("host");
          channel.onmessage = () => reject(new Error("heard"));
          setTimeout(() => {
            channel.close();
            resolve("silence");
          }, 100);
        });
      },
    });
  },
};
