// A server that a plugin is granted, and another one that it is not.

/** Two servers of this machine. */
export interface TwoServers extends AsyncDisposable {
  /** Port of the one that is granted. */
  readonly granted: number;
  /** Port of the other. */
  readonly other: number;
  /** How often the other was reached. */
  readonly hits: () => number;
}

/** Starts both. The one that is granted sends on to the other. */
export function startTwoServers(): TwoServers {
  let hits = 0;
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const other = Deno.serve(options, () => {
    hits++;
    return new Response("stolen");
  });
  const { port } = other.addr;
  const granted = Deno.serve(options, ({ url }) => {
    if (new URL(url).pathname === "/hello") return new Response("hello");
    const location = `http://127.0.0.1:${port}/`;
    return new Response(null, { status: 307, headers: { location } });
  });
  return {
    granted: granted.addr.port,
    other: port,
    hits: () => hits,
    async [Symbol.asyncDispose]() {
      await granted.shutdown();
      await other.shutdown();
    },
  };
}

/** A plugin that is granted one address, and logs what comes of its attempts with `granted` and `other`. */
export function grantedPlugin(
  { granted, other }: TwoServers,
  attempts: string,
): string {
  return `const granted = "127.0.0.1:${granted}", other = "127.0.0.1:${other}";
const attempts = { ${attempts} };
export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { net: [granted] } },
  async onLoad({ log }) {
    for (const [name, attempt] of Object.entries(attempts)) {
      try { log.info("open: " + name + ": " + await attempt()); }
      catch (error) { log.info("closed: " + name + ": " + error.message); }
    }
  },
};`;
}
