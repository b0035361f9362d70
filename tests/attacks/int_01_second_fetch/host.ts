import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { servePlugin } from "../plugin_server.ts";

/** What was fetched once is what runs, in this load and in the next one. */
export const act: HostAct = async ({ open, scene: { folder } }) => {
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
};
