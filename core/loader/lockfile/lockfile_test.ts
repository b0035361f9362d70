import { assertEquals } from "@std/assert";
import { Lockfile } from "./lockfile.ts";
import type { LockEntry } from "./lock_entry.ts";
import { toLockedPlugin } from "./locked_plugin.ts";

const HASH = `sha256-${"A".repeat(43)}=`;

function entryOf(url: string): LockEntry {
  return {
    digest: HASH,
    modules: new Map([[url, { hash: HASH, isTypeScript: false }]]),
    redirects: new Map(),
    plugins: new Map([[
      "acme.a",
      toLockedPlugin({ id: "acme.a", version: "1.0.0" }),
    ]]),
    grants: [],
  };
}

Deno.test("Lockfile.remove() takes entries out and leaves the others", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lockfile = new Lockfile(`${folder}/spiral.lock`, { frozen: false });
    const [a, b] = ["https://a.example/a.js", "https://a.example/b.js"];
    await lockfile.update(new Map([[a, entryOf(a)], [b, entryOf(b)]]));
    await lockfile.remove([a, "https://a.example/unknown.js"]);
    assertEquals([...(await lockfile.read()).keys()], [b]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Lockfile.nameOf() names files as they are seen from it", () => {
  const lockfile = new Lockfile("/srv/project/spiral.lock", { frozen: false });
  assertEquals(
    lockfile.nameOf("file:///srv/project/plugins/a.js"),
    "./plugins/a.js",
  );
  assertEquals(lockfile.nameOf("jsr:@acme/a@1"), "jsr:@acme/a@1");
});
