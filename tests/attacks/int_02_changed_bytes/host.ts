import { assert, assertEquals } from "@std/assert";
import type { HostAct, Stage } from "../attack_case.ts";
import { failureOf, messageOf } from "../failures.ts";
import { servePlugin } from "../plugin_server.ts";

/** Without a store the module is asked for again, and held against the lockfile. */
export const act: HostAct = async (stage) => {
  const { open, scene: { folder } } = stage;
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
  await assertWholeGraph(stage);
};

/** What a module imports is held against the lockfile as well. */
async function assertWholeGraph(
  { open, scene: { folder } }: Stage,
): Promise<void> {
  let text = "export const version = '1.0.0';";
  const headers = { "content-type": "text/javascript" };
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const entry = `import { version } from "./inner.js";
    export default { metadata: { id: "attack", version } };`;
  await using server = Deno.serve(
    options,
    ({ url }) =>
      new Response(url.endsWith("inner.js") ? text : entry, { headers }),
  );
  const place = `http://127.0.0.1:${server.addr.port}`;
  const lockfile = `${folder}/int_02_inner.lock`;
  {
    await using first = await open({ lockfile, cacheDir: `${folder}/int_02c` });
    await first.loader.load(`${place}/mod.js`);
  }
  text += " ";
  await using second = await open({ lockfile, cacheDir: `${folder}/int_02d` });
  const error = await failureOf(() => second.loader.load(`${place}/mod.js`));
  assertEquals(Reflect.get(Object(error), "code"), "INTEGRITY_MISMATCH");
  assert(messageOf(error).includes(`${place}/inner.js`), messageOf(error));
}
