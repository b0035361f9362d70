// A server that a plugin is granted, and another one that it is not.

import { assertEquals } from "@std/assert";
import type { HostAct } from "./attack_case.ts";

/** Two servers of this machine. */
interface TwoServers extends AsyncDisposable {
  /** Port of the one that is granted. */
  readonly granted: number;
  /** Port of the other. */
  readonly other: number;
  /** How often the other was reached. */
  readonly hits: () => number;
}

/** Starts both. The one that is granted sends on to the other. */
function startTwoServers(): TwoServers {
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
function grantedPlugin(
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

/**
 * Lets a plugin that is granted one address try others.
 *
 * @param attempts Its attempts, by name; `the address` is the only one that may get through.
 * @param count How many there are.
 * @returns What the host does: the other server must not be reached.
 */
export function actWithGrant(attempts: string, count: number): HostAct {
  return async ({ open, scene: { folder } }) => {
    await using servers = startTwoServers();
    const file = `${folder}/granted.js`;
    await Deno.writeTextFile(file, grantedPlugin(servers, attempts));
    const lines: string[] = [];
    await using ecosystem = await open({
      log: ({ source, message }) =>
        void (source === "attack" && lines.push(message)),
      policy: {
        allow: { net: [`127.0.0.1:${servers.granted}`] },
        privateNetwork: true,
      },
    });
    await ecosystem.loader.load(`file://${file}`);
    assertEquals(lines.filter((line) => line.startsWith("open")), [
      "open: the address: hello",
    ]);
    assertEquals([lines.length, servers.hits()], [count, 0]);
  };
}
