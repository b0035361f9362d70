import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { failureOf, messageOf } from "../failures.ts";
import { servePlugin } from "../plugin_server.ts";

/** Without a store the module is asked for again, and held against the lockfile. */
export const act: HostAct = async ({ open, scene: { folder } }) => {
  let version = 0;
  await using server = servePlugin(() =>
    `export default { metadata: { id: "attack", version: "1.0.${version++}" } };`
  );
  const lockfile = `${folder}/int_02.lock`;
  {
    await using first = await open({
      lockfile,
      cacheDir: `${folder}/int_02a`,
    });
    await first.loader.load(server.url);
  }
  await using ecosystem = await open({
    lockfile,
    cacheDir: `${folder}/int_02b`,
  });
  const error = await failureOf(() => ecosystem.loader.load(server.url));
  assertEquals(Reflect.get(Object(error), "code"), "INTEGRITY_MISMATCH");
  const said = messageOf(error);
  assert(said.includes(server.url) && /sha256-.*sha256-/s.test(said), said);
  assertEquals(ecosystem.plugins.listPlugins(), []);
};
