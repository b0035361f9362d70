const LINE = "x".repeat(10_000);
const LINES = 5_000;

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services, log }) {
    services.provide("attack", {
      run() {
        for (let i = 0; i < LINES; i++) {
          console.log(LINE);
          log.warn(LINE);
        }
        return 2 * LINES;
      },
    });
  },
};
