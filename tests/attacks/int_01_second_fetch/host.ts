import { assert, assertEquals } from "@std/assert";
import type { HostAct, Stage } from "../attack_case.ts";
import { servePlugin } from "../plugin_server.ts";

/** What was fetched once is what runs, in this load and in the next one. */
export const act: HostAct = async (stage) => {
  const { open, scene: { folder } } = stage;
  let version = 0;
  await using server = servePlugin(() =>
    `export default { metadata: { id: "attack", version: "1.0.${version++}" } };`
  );
  const keep = { lockfile: `${folder}/int_01.lock`, cacheDir: folder };
  const digests: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    await using ecosystem = await open(keep);
    const [handle] = await ecosystem.loader.load(server.url);
    assertEquals(handle?.version, "1.0.0");
    digests.push(ecosystem.loader.reports()[0]?.digest);
  }
  assertEquals(digests[0], digests[1]);
  assertEquals(version, 1);
  await assertFileOnce(stage);
};

/** What is edited after it was hashed, and before it is started with its grants, runs as it was hashed. */
async function assertFileOnce(
  { open, scene: { folder } }: Stage,
): Promise<void> {
  const file = `${folder}/int_01.js`;
  const lockfile = `${folder}/int_01_file.lock`;
  const sourceOf = (version: string) =>
    `export default {
      metadata: {
        id: "attack",
        version: "${version}",
        permissions: { env: ["SPIRALTORCH_INT_01"] },
      },
    };`;
  await Deno.writeTextFile(file, sourceOf("1.0.0"));
  await using ecosystem = await open({
    lockfile,
    cacheDir: folder,
    consentDir: `${folder}/consents`,
    async consent() {
      await Deno.writeTextFile(file, sourceOf("2.0.0"));
      return true;
    },
  });
  const [handle] = await ecosystem.loader.load(`file://${file}`);
  assertEquals(handle?.version, "1.0.0");
  const bytes = new TextEncoder().encode(sourceOf("1.0.0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const lock = await Deno.readTextFile(lockfile);
  assert(lock.includes(`sha256-${digest.toBase64()}`), lock);
}
