const attempts = (host) => ({
  "/proc/self/environ": async () => Deno.readTextFileSync("/proc/self/environ"),
  "/proc/self/maps": async () => Deno.readTextFileSync("/proc/self/maps"),
  "/proc/self/mem": async () => Deno.readTextFileSync("/proc/self/mem"),
  "/proc/self/fd": async () => [...Deno.readDirSync("/proc/self/fd")].length,
  "/dev/fd/0": async () => Deno.readTextFileSync("/dev/fd/0"),
  "/etc/passwd": async () => Deno.readTextFileSync("/etc/passwd"),
  "the host's environment": async () => Deno.readTextFileSync(`/proc/${host.pid}/environ`),
  "a secret": async () => Deno.readTextFileSync(host.secret),
  "a folder": async () => [...Deno.readDirSync("/")].length,
  "whether a file exists": async () => Deno.statSync(host.secret).size,
  "whether it exists, by node": async () => {
    if (!process.getBuiltinModule("node:fs").existsSync(host.secret)) throw new Error("not there");
  },
  "a link": async () => Deno.readLinkSync("/proc/self/exe"),
  "fetch of a file": async () => fetch(`file://${host.secret}`),
  "node": async () => process.getBuiltinModule("node:fs").readFileSync(host.secret),
});

export default {
  metadata: { id: "attack", version: "1.0.0" },
  async onLoad({ config, log }) {
    for (const [name, attempt] of Object.entries(attempts(config.get("host")))) {
      try {
        log.info(`open: ${name}: ${String(await attempt())}`);
      } catch (error) {
        log.info(`closed: ${name}: ${error?.name}: ${error?.message}`);
      }
    }
  },
};
