// The network cable: what is locked and stored is all that a program needs, and every byte of it counts.
// The host runs in a network of its own, which has nothing in it.

import { assert, assertEquals } from "@std/assert";
import { createEcosystem } from "@spiraltorch/spiraltorch";
import { runHost } from "../core/sandbox/run_host_test.ts";

/** What the server has: a plugin of two modules, one in TypeScript, one with a manifest. */
const FILES: Readonly<Record<string, readonly [string, string]>> = {
  "/a.js": [
    "text/javascript",
    `import { version } from "./lib/b.js";
export default {
  metadata: { id: "acme.a", version },
  onLoad: ({ log }) => log.info("loaded"),
};`,
  ],
  "/lib/b.js": ["text/javascript", 'export const version = "1.0.0";'],
  "/c.ts": [
    "application/typescript",
    `const id: string = "acme.c";
export default { metadata: { id, version: "2.0.0" } };`,
  ],
  "/d/plugin.json": [
    "application/json",
    JSON.stringify({ id: "acme.d", version: "3.0.0", entry: "./main.js" }),
  ],
  "/d/main.js": [
    "text/javascript",
    'export default { metadata: { id: "acme.d", version: "3.0.0" } };',
  ],
};
const PLACES = ["/a.js", "/c.ts", "/d/plugin.json"];
const CODES = ["INTEGRITY_MISMATCH", "LOCKFILE_INVALID", "MANIFEST_MISMATCH"];

/** What the host has found. */
interface Found {
  readonly isNetworkThere: boolean;
  readonly offline: string;
  readonly saidOffline: readonly string[];
  /** What came of an altered byte of each stored module. */
  readonly modules: readonly string[];
  /** What came of an altered byte of each field of each line of the lockfile. */
  readonly lines: readonly (readonly [string, string, string])[];
  /** What plugins have said meanwhile. */
  readonly said: readonly string[];
}

async function mayMakeNetworks(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("unshare", {
      args: ["-r", "-n", "true"],
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

/** Locks and stores the plugins; gives their URLs, at which nothing is any more. */
async function lockAll(folder: string): Promise<string[]> {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, ({ url }) => {
    const [type, body] = FILES[new URL(url).pathname]!;
    return new Response(body, { headers: { "content-type": type } });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const urls = PLACES.map((place) => origin + place);
  await using ecosystem = await createEcosystem({
    lockfile: `${folder}/spiral.lock`,
    cacheDir: folder,
  });
  await ecosystem.loader.load(urls);
  return urls;
}

Deno.test({
  name:
    "a locked set loads without any network, and one altered byte of anything that is kept is an error before anything runs",
  ignore: !await mayMakeNetworks(), // where no user may make networks
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const urls = await lockAll(folder);
      const text = await runHost("load_locked.ts", {
        flags: ["-A"],
        args: [folder, ...urls],
        through: ["unshare", "-r", "-n"],
      });
      const found: Found = JSON.parse(text);
      assertEquals(found.isNetworkThere, false);
      assertEquals(found.offline, "acme.a,acme.c,acme.d");
      assertEquals(found.saidOffline, ["acme.a loaded"]);
      assertEquals(found.modules, Array(12).fill("INTEGRITY_MISMATCH"));
      assert(found.lines.length > 40);
      for (const [line, field, code] of found.lines) {
        assert(CODES.includes(code), `${field} in ${line}: ${code}`);
      }
      assertEquals(found.said, []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
