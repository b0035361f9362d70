export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(way) {
        if (way === "timer") setTimeout(() => { throw new Error("late"); }, 0);
        else Promise.reject(new Error("left behind"));
        return new Promise(() => {});
      },
    });
  },
};
