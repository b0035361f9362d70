const LINE = "x".repeat(10_000);
const LINES = 5_000;
const FIELDS = { text: LINE, list: Array(1000).fill(LINE.slice(0, 10)) };

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services, log }) {
    services.provide("attack", {
      run() {
        for (let i = 0; i < LINES; i++) {
          console.log(LINE);
          if (i % 2 === 0) log.warn(LINE);
          else log.info("fields", FIELDS);
        }
        return 2 * LINES;
      },
    });
  },
};
