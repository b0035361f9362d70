export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ config, log }) {
    const { pid, siblingPid } = config.get("host");
    for (const target of [pid, Deno.ppid, 0, siblingPid]) {
      for (const send of [process.kill, Deno.kill]) {
        try {
          send(target, "SIGUSR2");
          log.info("open: " + target);
        } catch (error) {
          log.info("closed: " + target + ": " + error?.message);
        }
      }
    }
  },
};
